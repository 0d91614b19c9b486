package main

import (
	"errors"

	"golang.org/x/net/bpf"

	"chatlab/sniffer/capture"
)

func (c *config) filter(*source) (func(*capture.Packet) bool, error) {
	if c.expression == "" {
		return nil, nil
	}
	return nil, errors.New("filter expressions are not supported")
}

func (c *config) kernelFilter(string) ([]bpf.RawInstruction, error) { return nil, nil }
