"""Sums of money as the ward writes them."""

NO_BREAK = "\u00a0"


def money(amount: int) -> str:
    """Return an amount in dong as 16.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"


def format_money(amount: int, lang: str) -> str:
    """Return an amount as "8.000 đồng" or "8,000 dong", with a no-break space."""
    words = f"{amount:,} dong" if lang == "en" else f"{amount:,}".replace(",", ".") + " đồng"
    return words.replace(" ", NO_BREAK)
