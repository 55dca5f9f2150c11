"""What all tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development folder with models and photographs; the test is skipped where it is missing."""
    folder = Path(os.environ.get("STILE_SHARED", ROOT.parent / "shared"))
    if not (folder / "models" / "manifest.toml").is_file():
        pytest.skip("needs ../shared (models and photographs to test with), which is not here")
    return folder
