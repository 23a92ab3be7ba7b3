"""One of several workers side by side: says 'ready', waits for a line, takes in its mails, says 'done'."""

import sys


def main(warm: int, measured: int) -> None:
    """Django is loaded here: this is a process of its own."""
    import django

    django.setup()
    from benchmarks.mails import as_mailbox, plain, through

    through([plain(n) for n in range(warm)], keep=as_mailbox)
    mails = [plain(n) for n in range(measured)]
    print("ready", flush=True)
    sys.stdin.readline()
    through(mails, keep=as_mailbox)
    print("done", flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
