/** Keys for a screen without a keyboard. One that has a keyboard types into the field. */

const field = document.querySelector(".code-field");
const keys = document.getElementById("keys");

keys.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (key) field.value = (field.value + key.dataset.key).slice(0, 8);
  if (event.target.closest('[data-do="delete"]')) field.value = field.value.slice(0, -1);
});
keys.hidden = false;
