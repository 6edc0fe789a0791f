"""Feeding the register: read a file or an interface, stage it, compare set by set, carry out all or nothing."""
