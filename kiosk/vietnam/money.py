"""Sums of money as the ward writes them."""


def money(amount: int) -> str:
    """Return an amount in dong as 16.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"
