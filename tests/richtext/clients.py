"""Answers to our mail in the forms of the usual mail programs, each with the quotation as it writes it.

A name says the program, the language and where the customer wrote; `WRITTEN` are the customer's own words.
"""

from html import escape

from richtext.convert import html_to_text, quote_text

QUESTION = "<p>Hallo,</p><p>Mogen wij op het veld kamperen?</p><p>Groet, Karin</p>"
ANSWER = (
    "<p>Beste Karin,</p>"
    "<p>Ja, dat kan. Het <b>kleine veld</b> is dan vrij, zie "
    '<a href="https://kvv.example/veld">de kaart</a>.</p>'
    "<ul><li>Neem zelf tenten mee.</li><li>Stoken mag alleen op de vuurplaats.</li></ul>"
    "<p>Met vriendelijke groet,<br>Spelgroep Demo</p>"
    f'<p>01-05-2026 10:00 - Karin schreef:</p><blockquote type="cite">{QUESTION}</blockquote>'
)
WRITTEN = "Dank je, dan komen we zaterdag."
OURS = html_to_text(ANSWER)
QUOTED = quote_text(OURS)
# The same text as other programs make it of our HTML.
OUTLOOK_TEXT = (
    "Beste Karin,\n\nJa, dat kan. Het kleine veld is dan vrij, zie de kaart<https://kvv.example/veld>.\n\n\n"
    "  *   Neem zelf tenten mee.\n  *   Stoken mag alleen op de vuurplaats.\n\n"
    "Met vriendelijke groet,\nSpelgroep Demo\n\n01-05-2026 10:00 - Karin schreef:\n\nHallo,\n\n"
    "Mogen wij op het veld kamperen?\n\nGroet, Karin"
)
GMAIL_TEXT = (
    "> Beste Karin,\n>\n> Ja, dat kan. Het *kleine veld* is dan vrij, zie de kaart\n"
    "> <https://kvv.example/veld>.\n>\n"
    ">    - Neem zelf tenten mee.\n>    - Stoken mag alleen op de\n>    vuurplaats.\n>\n"
    "> Met vriendelijke groet,\n> Spelgroep Demo\n>\n> 01-05-2026 10:00 - Karin schreef:\n>\n"
    "> Hallo,\n>\n> Mogen wij op het veld kamperen?\n>\n> Groet, Karin\n>\n>\n"
)

NL_GMAIL = "Op vr 1 mei 2026 om 10:05 schreef Spelgroep Demo <spel@kvv.example>:"
EN_GMAIL = "On Fri, May 1, 2026 at 10:05 AM Spelgroep Demo <spel@kvv.example> wrote:"
NL_APPLE = "Op 1 mei 2026, om 10:05 heeft Spelgroep Demo <spel@kvv.example> het volgende geschreven:"
EN_APPLE = "On 1 May 2026, at 10:05, Spelgroep Demo <spel@kvv.example> wrote:"
NL_PHONE = "Op 1 mei 2026 om 10:05 heeft Spelgroep Demo <spel@kvv.example> het volgende geschreven:"
EN_PHONE = "On May 1, 2026, at 10:05 AM, Spelgroep Demo <spel@kvv.example> wrote:"
NL_BIRD = "Op 1-5-2026 om 10:05 schreef Spelgroep Demo:"
EN_BIRD = "On 5/1/2026 10:05 AM, Spelgroep Demo wrote:"
NL_YAHOO = "Op vrijdag 1 mei 2026 om 10:05:12 CEST schreef Spelgroep Demo <spel@kvv.example>:"
EN_YAHOO = "On Friday, May 1, 2026 at 10:05:12 AM GMT+2, Spelgroep Demo <spel@kvv.example> wrote:"
NL_PROTON = "Op vrijdag 1 mei 2026 om 10:05, Spelgroep Demo <spel@kvv.example> schreef:"
EN_PROTON = "On Friday, May 1st, 2026 at 10:05 AM, Spelgroep Demo <spel@kvv.example> wrote:"

NL_OUTLOOK = (
    ("Van", "Spelgroep Demo <spel@kvv.example>"), ("Verzonden", "vrijdag 1 mei 2026 10:05"),
    ("Aan", "Karin <karin@post.example>"), ("Onderwerp", "Re: [Ticket#2026050110000018] Veld"),
)  # fmt: skip
EN_OUTLOOK = (
    ("From", "Spelgroep Demo <spel@kvv.example>"), ("Sent", "Friday, May 1, 2026 10:05 AM"),
    ("To", "Karin <karin@post.example>"), ("Cc", "Jan <jan@post.example>"), ("Subject", "Re: Veld"),
)  # fmt: skip
NL_SAMSUNG = (
    ("Van", "Spelgroep Demo <spel@kvv.example> "), ("Datum", "01-05-2026  10:05  (GMT+01:00) "),
    ("Aan", "karin@post.example "), ("Onderwerp", "Re: Veld "),
)  # fmt: skip
EN_SAMSUNG = (
    ("From", "Spelgroep Demo <spel@kvv.example> "), ("Date", "01/05/2026  10:05  (GMT+01:00) "),
    ("To", "karin@post.example "), ("Subject", "Re: Veld "),
)  # fmt: skip
Headers = tuple[tuple[str, str], ...]


def plain(headers: Headers) -> str:
    return "\n".join(f"{name}: {value}" for name, value in headers)


def bold(headers: Headers, *, end: str = "<br>") -> str:
    return end.join(f"<b>{name}:</b> {escape(value)}" for name, value in headers)


def gmail(said: str, *, above: str = "", below: str = "") -> str:
    return (
        f'{above}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{escape(said)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex"><u></u>{ANSWER}</blockquote>{below}</div>'
    )


def outlook_desktop(headers: Headers) -> str:
    return (
        f'<div class="WordSection1"><p class="MsoNormal">{WRITTEN}<o:p></o:p></p>'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div>'
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal">{bold(headers, end=" <br>")}<o:p></o:p></p></div></div>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{ANSWER}</div>'
    )


def outlook_web(headers: Headers, *, above: str, below: str = "") -> str:
    return (
        f'<div style="font-family:Aptos">{above}</div><div id="appendonsend"></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        f'<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">{bold(headers)}</font>'
        f"<div>&nbsp;</div></div><div>{ANSWER}</div>{below}"
    )


def outlook_phone(headers: Headers) -> str:
    return (
        f'<div dir="ltr">{WRITTEN}</div><div dir="ltr"><br></div><div id="ms-outlook-mobile-signature">'
        '<a href="https://aka.ms/demo">Outlook voor Android</a> downloaden</div>'
        '<div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-reference-message" '
        'style="padding:3pt 0in 0in;border-width:1pt medium medium;border-style:solid none none">'
        f"{bold(headers)}<br><br></div>{ANSWER}</div>"
    )


def apple(said: str, *, above: str = "", below: str = "") -> str:
    return (
        f'<div>{above}</div><div><br><blockquote type="cite"><div>{escape(said)}</div>'
        f'<br class="Apple-interchange-newline"><div>{ANSWER}</div></blockquote></div>{below}<br>'
    )


def iphone(said: str) -> str:
    return (
        f'{WRITTEN}<br><br><div dir="ltr">Verstuurd vanaf mijn iPhone</div><div dir="ltr"><br>'
        f'<blockquote type="cite">{escape(said)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">\ufeff{ANSWER}</div></blockquote>'
    )


def thunderbird(said: str, *, above: str = "", below: str = "") -> str:
    return (
        f'{above}<div class="moz-cite-prefix">{escape(said)}<br></div><blockquote type="cite" '
        f'cite="mid:a@kvv.example">{ANSWER}</blockquote>{below}'
    )


def yahoo(said: str) -> str:
    return (
        f'<div class="ydp1"><div dir="ltr">{WRITTEN}</div><div><br></div></div>'
        '<div id="yahoo_quoted_1" class="yahoo_quoted"><div style="font-size:13px;color:#26282a">'
        f"<div>{escape(said)}</div><div><br></div><div><br></div>"
        f'<div><div id="yiv1">{ANSWER}</div></div></div></div>'
    )


def samsung(line: str, headers: Headers) -> str:
    lines = "".join(f"<div>{escape(name)}: {escape(value)}</div>" for name, value in headers)
    return (
        f'<div dir="auto">{WRITTEN}</div><div dir="auto"><br></div><div id="composer_signature" dir="auto">'
        '<div style="font-size:12px;color:#575757" dir="auto">Verzonden vanaf mijn Galaxy</div></div>'
        '<div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000">'
        f"<div>{line}</div>{lines}<div><br></div></div>{ANSWER}"
    )


def proton(said: str) -> str:
    return (
        f'<div style="font-family:Arial">{WRITTEN}</div><div class="protonmail_quote">\n'
        f"        {escape(said)}<br>\n"
        f'        <blockquote class="protonmail_quote" type="cite">\n            {ANSWER}\n'
        "        </blockquote><br>\n    </div>"
    )


BELOW = f"<div><br></div><div>{WRITTEN}</div>"
RULE = "_" * 32
LONG_NAME = EN_GMAIL.replace("Demo <", "Demo\n<")

TEXTS = {
    "Gmail, Dutch, above": f"{WRITTEN}\n\n{NL_GMAIL}\n\n{GMAIL_TEXT}",
    "Gmail, English, above": f"{WRITTEN}\n\n{LONG_NAME}\n\n{GMAIL_TEXT}",
    "Gmail, Dutch, below": f"{NL_GMAIL}\n\n{GMAIL_TEXT}\n{WRITTEN}\n",
    "Outlook, Dutch, above": f"{WRITTEN}\n\n{plain(NL_OUTLOOK)}\n\n{OUTLOOK_TEXT}\n",
    "Outlook, English, above": (
        f"{WRITTEN}\n\n-----Original Message-----\n{plain(EN_OUTLOOK)}\n\n{OUTLOOK_TEXT}"
    ),
    "Outlook, Dutch, below": (
        f"-----Oorspronkelijk bericht-----\n{plain(NL_OUTLOOK)}\n\n{OUTLOOK_TEXT}\n\n{WRITTEN}\n"
    ),
    "Outlook on the web, Dutch, above": f"{WRITTEN}\n{RULE}\n{plain(NL_OUTLOOK)}\n\n{OUTLOOK_TEXT}\n",
    "Outlook on a telephone, English, above": (
        f"{WRITTEN}\n\nGet Outlook for iOS<https://aka.ms/demo>\n{RULE}\n{plain(EN_OUTLOOK)}\n\n{OUTLOOK_TEXT}"
    ),
    "Apple Mail, Dutch, above": f"{WRITTEN}\n\n> {NL_APPLE}\n> \n{QUOTED}\n",
    "Apple Mail, English, below": f"> {EN_APPLE}\n> \n{QUOTED}\n\n{WRITTEN}\n",
    "iPhone, Dutch, above": (
        f"{WRITTEN}\n\nVerstuurd vanaf mijn iPhone\n\n> {NL_PHONE}\n> \n> \ufeff{QUOTED[2:]}\n"
    ),
    "Thunderbird, Dutch, below": f"{NL_BIRD}\n{QUOTED}\n\n{WRITTEN}\n",
    "Thunderbird, English, above": f"{WRITTEN}\n\n{EN_BIRD}\n{QUOTED}\n",
    "Yahoo, Dutch, above": f" {WRITTEN}\n    {NL_YAHOO}  \n \n {OUTLOOK_TEXT}\n  ",
    "Samsung, Dutch, above": (
        f"{WRITTEN}\nVerzonden vanaf mijn Galaxy\n-------- Oorspronkelijk bericht --------\n"
        f"{plain(NL_SAMSUNG)}\n{OUTLOOK_TEXT}"
    ),
    "Proton, Dutch, above": f"{WRITTEN}\n\n{NL_PROTON}\n\n{QUOTED}",
}
PAGES = {
    "Gmail, Dutch, above": gmail(NL_GMAIL, above=f'<div dir="ltr">{WRITTEN}</div>'),
    "Gmail, English, below": gmail(EN_GMAIL, below=BELOW),
    "Outlook, Dutch, above": outlook_desktop(NL_OUTLOOK),
    "Outlook, English, above": outlook_desktop(EN_OUTLOOK),
    "Outlook on the web, Dutch, above": outlook_web(NL_OUTLOOK, above=WRITTEN),
    "Outlook on the web, English, above": outlook_web(EN_OUTLOOK, above=WRITTEN),
    "Outlook on the web, Dutch, below": outlook_web(NL_OUTLOOK, above="<br>", below=BELOW),
    "Outlook on a telephone, Dutch, above": outlook_phone(NL_OUTLOOK),
    "Apple Mail, Dutch, above": apple(NL_APPLE, above=WRITTEN),
    "Apple Mail, English, below": apple(EN_APPLE, below=BELOW),
    "iPhone, Dutch, above": iphone(NL_PHONE),
    "iPhone, English, above": iphone(EN_PHONE),
    "Thunderbird, Dutch, above": thunderbird(NL_BIRD, above=f"<p>{WRITTEN}</p>"),
    "Thunderbird, English, below": thunderbird(EN_BIRD, below=f"<p>{WRITTEN}</p>"),
    "Yahoo, Dutch, above": yahoo(NL_YAHOO),
    "Yahoo, English, above": yahoo(EN_YAHOO),
    "Samsung, Dutch, above": samsung("-------- Oorspronkelijk bericht --------", NL_SAMSUNG),
    "Samsung, English, above": samsung("-------- Original message --------", EN_SAMSUNG),
    "Proton, English, above": proton(EN_PROTON),
}
