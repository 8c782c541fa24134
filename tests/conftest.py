"""What every test relies on."""

import signal

# A job in the background of a shell inherits SIGINT as ignored, and so would every process that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
