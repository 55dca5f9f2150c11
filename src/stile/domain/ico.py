"""Who oversees both laws, the Freedom of Information Act and data protection, and how to reach them."""

ICO = (
    "The Information Commissioner's Office, Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF; telephone "
    "0303 123 1113; ico.org.uk"
)
"""As it was in 2026; `[foi] ico` in the settings says otherwise when it has moved."""
