"""The receipts that the pictures show: what each says and how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PICTURES = Path(__file__).resolve().parents[2] / "notebooks" / "pictures"
ANSWERS = PICTURES / "receipts" / "answers.json"
EXAMPLE = PICTURES / "receipt-example.png"
"""A receipt to show a model with its answer (the .json beside it); no part of the folder."""


@dataclass(frozen=True)
class Labels:
    """What stands before each part of a receipt."""

    shop: str = "Shop: "
    date: str = "Date: "
    currency: str = "Currency: "
    items: str = "Items:"
    total: str = "Total:"


@dataclass(frozen=True)
class Receipt:
    """What a receipt says, and how it looks. Prices in the currency's main unit."""

    shop: str
    date: str
    currency: str
    items: tuple[tuple[str, float], ...]
    address: str = ""
    thanks: str = "Thank you!"
    printed_total: float | None = None
    """Where the printed total is not the sum."""
    layout: str = "columns"
    """columns (prices at the right), close (right behind the names), or ruled (with lines)."""
    paper: str = "white"
    ink: str = "black"
    turned: float = 0.0
    """Degrees, against the clock."""
    noise: int = 0
    """Strength of the grain, 0 to 40."""
    blur: float = 0.0
    fails: str = ""
    """Why a program that checks its work must set this receipt aside."""

    @property
    def total(self) -> float:
        if self.printed_total is not None:
            return self.printed_total
        return round(sum(price for _, price in self.items), 2)


RECEIPTS = (
    Receipt(
        "GREEN MARKET",
        "2026-11-03",
        "EUR",
        (("Apples", 2.40), ("Bread", 3.10), ("Milk", 1.50)),
        "12 High Street",
    ),
    Receipt(
        "CORNER BAKERY",
        "2026-11-04",
        "GBP",
        (("Croissant", 1.80), ("Baguette", 1.20), ("Coffee", 2.50), ("Orange juice", 3.00)),
        "4 Mill Lane",
        paper="ivory",
        layout="ruled",
    ),
    Receipt(
        "SUNRISE DINER",
        "2026-11-05",
        "USD",
        (("Pancakes", 13.00), ("Coffee", 2.75), ("Omelette", 9.25)),
        "88 Lake Road",
        turned=1.5,
    ),
    Receipt(
        "HARBOUR BOOKS",
        "2026-11-06",
        "GBP",
        (("Atlas of islands", 24.99), ("Notebook", 6.50)),
        ink="navy",
        layout="close",
    ),
    Receipt(
        "绿茶小店 GREEN TEA SHOP",
        "2026-11-07",
        "CNY",
        (("绿茶 Green tea", 18.00), ("饺子 Dumplings", 26.00), ("米饭 Rice", 4.00)),
        thanks="谢谢光临 Thank you!",
    ),
    Receipt(
        "CITY PHARMACY",
        "2026-11-09",
        "EUR",
        (("Plasters", 3.95), ("Vitamin C", 8.49)),
        "7 Ring Road",
        ink="darkgreen",
        noise=9,
    ),
    Receipt(
        "TOOL BARN",
        "2026-11-10",
        "USD",
        (
            ("Hammer", 14.00),
            ("Nails", 2.35),
            ("White paint", 18.90),
            ("Brush", 4.75),
            ("Tape", 3.20),
            ("Gloves", 5.80),
        ),
        "2 Farm Road",
        paper="lightyellow",
    ),
    Receipt(
        "CAFE LUNA",
        "2026-11-11",
        "EUR",
        (("Espresso", 1.30), ("Tiramisu", 5.50), ("Water", 2.00)),
        "9 Via Roma",
        ink="maroon",
        turned=-2.0,
    ),
    Receipt(
        "PIZZA PRONTO",
        "2026-11-12",
        "EUR",
        (("Margherita", 8.50), ("Salad", 4.20), ("Lemonade", 2.80)),
        printed_total=18.50,
        layout="ruled",
        fails="The items add up to 15.50, the printed total is 18.50.",
    ),
    Receipt(
        "幸福书店 HAPPY BOOKS",
        "2026-11-13",
        "CNY",
        (("词典 Dictionary", 58.00), ("地图 Map", 12.50)),
        paper="mistyrose",
        thanks="欢迎再来 See you again!",
    ),
    Receipt(
        "GARDEN CENTRE",
        "2026-11-14",
        "GBP",
        (("Tulip bulbs", 6.99), ("Flower pot", 11.50), ("Soil 20 l", 4.49), ("Seeds", 2.25)),
        "30 Park Road",
        turned=1.0,
        noise=11,
    ),
    Receipt(
        "NIGHT TAXI",
        "2026-11-15",
        "USD",
        (("Ride", 21.40), ("Luggage", 3.00)),
        blur=9.0,
        noise=10,
        fails="The picture is blurred: nothing can be read.",
    ),
    Receipt(
        "SPORT POINT",
        "2026-11-16",
        "EUR",
        (("Socks", 7.95), ("Football", 19.90), ("Bottle", 6.50)),
        "15 Station Road",
        layout="close",
        paper="whitesmoke",
    ),
    Receipt(
        "NORTH CINEMA",
        "2026-11-17",
        "USD",
        (("Tickets", 24.00), ("Popcorn", 6.25)),
        "1 Main Street",
        paper="lavender",
        ink="midnightblue",
    ),
)
WORKED = Receipt(
    "ROSE CAFE",
    "2025-02-14",
    "EUR",
    (("Tea", 2.00), ("Scone", 3.50), ("Soup", 6.20)),
    "3 Main Square",
)
"""The receipt of EXAMPLE."""
