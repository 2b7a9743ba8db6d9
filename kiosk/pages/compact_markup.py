"""Compact markup: pages are sent without the indentation of their templates.

Values are as they are: what a person has typed keeps its spaces.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, Token, TokenStream

_INDENTATION = re.compile(r"[ \t]*\n\s*|\A {2,}")
"""A line break with what follows it; Jinja has removed the line break behind a block (`trim_blocks`)."""


class CompactMarkup(Extension):
    """Jinja extension that removes the indentation of a template once, when it is compiled."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template, its own text without indentation."""
        for token in stream:
            is_text = token.type == TOKEN_DATA
            yield Token(token.lineno, token.type, _INDENTATION.sub("\n", token.value)) if is_text else token
