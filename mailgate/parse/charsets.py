"""Bytes to text by the charset a mail names, as far as that is to be believed.

Only charsets listed here are used: Python's registry also knows codecs that take quadratic time (idna,
punycode) or are none at all. The aliases follow the Encoding Standard of the WHATWG: who says iso-8859-1
means windows-1252, who says gb2312 means gb18030.
"""

import codecs
import re
from encodings.aliases import aliases
from typing import Final

_FALLBACK: Final = "cp1252"

_CODECS = frozenset({
    "big5", "big5hkscs", "cp037", "cp437", "cp500", "cp775", "cp850", "cp852", "cp855", "cp857",
    "cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp874", "cp932",
    "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "euc_jis_2004", "euc_jp", "gb18030", "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2",
    "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "iso8859_2", "iso8859_3", "iso8859_4",
    "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10", "iso8859_13", "iso8859_14",
    "iso8859_15", "iso8859_16", "johab", "koi8_r", "koi8_t", "koi8_u", "kz1048", "mac_cyrillic", "mac_greek",
    "mac_iceland", "mac_latin2", "mac_roman", "mac_turkish", "ptcp154", "shift_jis_2004", "utf_7", "utf_8",
    "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le",
})  # fmt: skip
_ALIASES = {
    "ansi": "cp1252", "cp819": "cp1252", "latin1": "cp1252",
    "iso8859_1": "cp1252", "iso88591": "cp1252", "windows1252": "cp1252", "x_cp1252": "cp1252",
    "big5": "big5hkscs", "big5_tw": "big5hkscs", "cn_big5": "big5hkscs", "x_x_big5": "big5hkscs",
    "euc_cn": "gb18030", "gb2312": "gb18030", "gb_2312_80": "gb18030", "gbk": "gb18030", "cp936": "gb18030",
    "chinese": "gb18030", "x_gbk": "gb18030", "hz_gb_2312": "hz",
    "euc_kr": "cp949", "korean": "cp949", "ks_c_5601_1987": "cp949", "ks_c_5601": "cp949",
    "ksc5601": "cp949", "ksc_5601": "cp949", "uhc": "cp949", "windows949": "cp949", "ks_c_5601_1989": "cp949",
    "shift_jis": "cp932", "sjis": "cp932", "x_sjis": "cp932", "ms_kanji": "cp932", "windows_31j": "cp932",
    "shiftjis": "cp932", "x_euc_jp": "euc_jp", "iso_2022_jp_ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "iso8859_8_i": "iso8859_8", "iso8859_8_e": "iso8859_8", "iso8859_6_i": "iso8859_6",
    "iso8859_9": "cp1254", "latin5": "cp1254", "iso8859_11": "cp874", "tis_620": "cp874",
    "unicode_1_1_utf_7": "utf_7", "unicode_1_1_utf_8": "utf_8", "utf8mb4": "utf_8", "utf_8_mb4": "utf_8",
    "unicode": "utf_16", "ucs_2": "utf_16", "iso_10646_ucs_2": "utf_16", "macintosh": "mac_roman",
    "x_mac_roman": "mac_roman", "ibm850": "cp850", "dos_850": "cp850", "koi8": "koi8_r",
}  # fmt: skip
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_WINDOWS = re.compile(r"^(?:x_)?(?:windows|win|cp|ms|microsoft)_?(?:cp_?)?(125[0-8]|874|932|949)$")
_ISO_8859 = re.compile(r"^(?:x_)?(?:cs)?iso_?8859_?([0-9]{1,2}(?:_[ei])?)(?:_(?:19|20)[0-9]{2})?$")
_UTF = re.compile(r"^(?:x_)?(?:utf|unicode)_?(7|8|16|32)(?:_?([bl]e))?$")
# Charsets in which ASCII bytes may mean something else than ASCII.
_SHIFTED = frozenset({
    "cp037", "cp500", "hz", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7",
})  # fmt: skip
_MULTIBYTE = frozenset({"utf_8", "gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"})
_NON_ASCII = re.compile("[^\x00-\x7f]+")
# The beginning of a character in UTF-8 with which no word in one byte for a character ends: of accents, signs
# and emoji, not behind a capital, where it would be a capital itself.
_CUT = re.compile(
    rb"(?<![A-Z])(?:[\xc2\xc3]|\xe2[\x80-\xbf]?+|\xf0(?:[\x90-\xbf][\x80-\xbf]?+)?+)(?:\s|\.{3})*+\Z"
)
_LAST_BYTES: Final = 20
_BOMS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_known: dict[str, str | None] = {}


def decode(data: bytes, *, charset: str) -> tuple[str, bool]:
    """`data` as text, and whether its charset had to be guessed; never fails.

    `charset` is what the mail says, or empty. Guessed is UTF-8 where it fits, else windows-1252.
    """
    codec = codec_of(charset)
    if data.isascii() and codec not in _SHIFTED and b"\x1b" not in data:
        return data.decode("ascii"), False
    for bom, bom_codec in _BOMS:
        if data.startswith(bom):
            return data.decode(bom_codec, "replace").lstrip("\ufeff"), False
    if codec is None:
        return _guess(data, declared=""), True
    if codec == "utf_16" and data[:1] == b"\x00":
        codec = "utf_16_be"
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return _guess(data, declared=codec), True


def decode_header(value: bytes, *, charset: str) -> str:
    """The raw bytes of a header as text: UTF-8 (RFC 6532), also one that was cut or broken, else `charset`.

    `charset` is what the mail says of its own text, or empty; what does not fit that is windows-1252.
    """
    if value.isascii():
        return decode(value, charset=charset)[0] if b"\x1b" in value else value.decode("ascii")
    try:
        return value.decode("utf_8")
    except UnicodeDecodeError:
        pass
    codec = codec_of(charset)
    if (codec == "utf_8" or codec not in _MULTIBYTE) and (text := _nearly_utf_8(value)) is not None:
        return text
    return decode(value, charset="" if codec in _SHIFTED else charset)[0]


def is_single_byte(charset: str) -> bool:
    """Whether each byte is a character of its own in this charset, which we know."""
    codec = codec_of(charset)
    return codec is not None and codec.startswith(("cp125", "cp4", "cp8", "iso8859", "koi8", "mac"))


def codec_of(charset: str) -> str | None:
    """Python's name for a charset of a mail; None for one that says nothing (ASCII, too) or is unknown."""
    if charset not in _known:
        if len(_known) > 500:
            _known.clear()  # the names come from outside: strangers do not fill our memory
        _known[charset] = _find_codec(charset)
    return _known[charset]


def _find_codec(charset: str) -> str | None:
    name = _SEPARATORS.sub("_", charset[:60].partition("(")[0].lower()).strip("_")  # without a comment
    name = _WINDOWS.sub(r"cp\1", name)
    name = _ISO_8859.sub(r"iso8859_\1", name)
    name = _UTF.sub(lambda match: "_".join(filter(None, ("utf", *match.groups()))), name)
    name = _ALIASES.get(name) or aliases.get(name, name)
    name = _ALIASES.get(name, name)
    return name if name in _CODECS else None


def _guess(data: bytes, *, declared: str) -> str:
    """Text of bytes that do not fit what was declared, or where nothing was."""
    if b"\x1b$" in data and data.isascii():
        return data.decode("iso2022_jp_ext", "replace")
    try:
        return data.decode("utf_8")
    except UnicodeDecodeError:
        pass
    if declared in _SHIFTED:
        return data.decode(declared, "replace")
    if declared in _MULTIBYTE - {"utf_8"} or declared.startswith("iso2022"):
        text = data.decode(declared, "replace")
        if _is_mostly_right(text):
            return text
    nearly = _nearly_utf_8(data)
    return data.decode(_FALLBACK, "replace") if nearly is None else nearly


def _nearly_utf_8(data: bytes) -> str | None:
    """Text that is UTF-8 but for a few broken characters, or for the last one, or None if it is none.

    One byte for a character makes no UTF-8 but by rare chance; a form that counts bytes cuts the last.
    """
    text = data.decode("utf_8", "replace")
    is_cut = text.count("\ufffd") == 1 and bool(_CUT.search(data[-_LAST_BYTES:]))
    return text if is_cut or _is_mostly_right(text) else None


def _is_mostly_right(text: str) -> bool:
    """Whether at most half of what is no ASCII was broken: a few such characters do not change the rest."""
    return sum(map(len, _NON_ASCII.findall(text))) >= 2 * text.count("\ufffd")
