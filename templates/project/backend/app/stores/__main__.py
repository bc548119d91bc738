"""`python -m app.stores` brings the database up to date, as every start of the app does.

For deployments in which the app itself may not change tables.
"""

import asyncio

from app.config import Settings
from app.stores import check_url, open_store


async def migrate(settings: Settings) -> None:
    async with open_store(settings):
        print(f"The {check_url(settings)} store is up to date.")


if __name__ == "__main__":
    asyncio.run(migrate(Settings()))
