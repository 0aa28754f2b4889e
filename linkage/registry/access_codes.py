"""Access codes as people read, say and type them; how they are kept. No database.

>>> code = spelled("a nonce")
>>> len(code), set(code) <= set(ALPHABET), spelled("a nonce") == code
(10, True, True)
>>> grouped("ABCDE23456"), digest_of("abcde 23456") == digest_of("ABCDE-23456")
('ABCDE-23456', True)
"""

from __future__ import annotations

from django.utils.crypto import salted_hmac

# Without 0 and O, 1, I and L, which look alike on paper and sound alike on the telephone.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10
_SALT = "linkage.registry.access_codes"


def spelled(nonce: str) -> str:
    """Return the code of a nonce: whoever has the nonce and not the server's key cannot spell it.

    So a message can be sent, and sent again, while no code is kept anywhere.
    """
    number = int(_keyed(f"{_SALT}.code", nonce), 16)
    letters = []
    for _place in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def grouped(code: str) -> str:
    """Return the code as it is printed."""
    return f"{code[:5]}-{code[5:]}"


def digest_of(typed: str) -> str:
    """Return what is kept of a code, however it was typed: case, spaces and hyphens are nothing."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return _keyed(f"{_SALT}.digest", letters)


def _keyed(salt: str, value: str) -> str:
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()
