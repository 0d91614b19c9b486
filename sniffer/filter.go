package main

import (
	"errors"

	"golang.org/x/net/bpf"

	"chatlab/sniffer/capture"
	"chatlab/sniffer/filter"
)

// expressionError is what is wrong with the filter's expression.
type expressionError struct {
	error      *filter.Error
	expression string
}

func (e expressionError) Error() string { return "can't parse filter expression: " + e.error.Msg }

// filter makes a test of the expression for packets that no kernel has
// filtered; nil takes them all.
func (c *config) filter(src *source) (func(*capture.Packet) bool, error) {
	if c.expression == "" || src.filtered {
		return nil, nil
	}
	p, err := filter.Compile(c.expression, src.link, src.snaplen, nil)
	if err != nil {
		return nil, c.explainFilter(err)
	}
	return func(k *capture.Packet) bool { return p.Match(k.Data, k.Length) }, nil
}

// kernelFilter makes the socket's filter. Without instructions the kernel lets
// every packet pass; filtered tells whether that is what was asked for.
func (c *config) kernelFilter(link capture.LinkType) (ins []bpf.RawInstruction, filtered bool, err error) {
	if c.expression == "" {
		return nil, true, nil
	}
	if link == capture.LinuxSLL || link == capture.LinuxSLL2 {
		// The capture makes the kernel's program of the file's: it knows where a
		// cooked socket has what the header will hold.
		p, err := filter.Compile(c.expression, link, c.snaplen, nil)
		if err != nil {
			return nil, false, c.explainFilter(err)
		}
		return p.Raw(), true, nil
	}
	ins, err = filter.CompileKernel(c.expression, link, c.snaplen, nil)
	if errors.Is(err, filter.ErrUserSpace) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, c.explainFilter(err)
	}
	return ins, true, nil
}

func (c *config) explainFilter(err error) error {
	var wrong *filter.Error
	if errors.As(err, &wrong) {
		return expressionError{wrong, c.expression}
	}
	return err
}
