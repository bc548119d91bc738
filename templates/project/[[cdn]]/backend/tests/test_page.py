"""The page is there, and every file of it says what browsers may load."""

from app.config import Settings
from tests.conftest import Client


def test_every_file_of_the_page_is_served_with_the_policy(
    visitor: Client, settings: Settings
) -> None:
    for path in ["", *(file.name for file in settings.frontend_dir.iterdir())]:
        response = visitor().get(f"/{path}")
        assert response.status_code == 200, path
        assert "default-src 'none'" in response.headers["content-security-policy"]
