"""The required section of an organisation's site: pages in, findings out.

``rules`` and ``rule_files`` hold what the orders demand, as data; ``reading`` makes lines, tables,
links and marked tags of a page; ``markup`` is the official algorithm, ``searching`` finds the same
information by text; ``inspection`` puts both together. Nothing here reads disk, network or clock.
"""
