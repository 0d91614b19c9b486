package command

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// EndSignals are those that tell this program to end: Ctrl-C, SIGTERM, and the SIGHUP of
// a terminal that goes away, unless that is ignored, as under nohup (tcpdump.c has it so:
// "if ((oldhandler = setsignal(SIGHUP, cleanup)) != SIG_DFL)").
func EndSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// UntilTold gives a context that is done when this program is told to end. A second
// Ctrl-C or SIGTERM ends it at once; a second SIGHUP does not: of a terminal that goes
// away the kernel tells, and the shell.
func UntilTold() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), EndSignals()...)
	context.AfterFunc(ctx, func() {
		signal.Ignore(syscall.SIGHUP)
		stop()
	})
	return ctx
}
