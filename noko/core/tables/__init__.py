"""People's files: columns by name, checks, every error with its sheet, row, column and cure.

Pure: bytes become sheets in ``noko.exchange.files``; everything else happens here. What to call::

    from noko.exchange.files import read_sheets
    sheets = read_sheets(path)                      # Path, or bytes with name="ответы.xlsx"

    from noko.core.tables.answers import read_answers
    table = read_answers(sheets, edition)           # AnswersTable
    table.organisations                             # tuple of Reference: name, municipality, inn…
    table.organisation_index                        # int32 array: position of each respondent's
    table.columns["q2"]                             # int8 array: the answer, -1 empty

    from noko.core.tables.inspection import read_inspection
    table = read_inspection(sheets, edition)        # InspectionTable
    table.rows[0].organisation                      # Reference
    table.rows[0].counts                            # {"I_stand": 9, "N_stand": 11, …}
    table.rows[0].marks                             # ItemMark(checklist, item, mark), …

    from noko.core.tables.counts import read_counts
    table = read_counts(sheets, edition)            # CountsTable, the COUNTS form
    table.organisations, table.columns              # {"I_stand": [9, …], "p31": [Decimal, …]}
    table.types, table.municipalities               # () when the file has no such column

    from noko.core.tables.organisations import read_organisations
    table = read_organisations(sheets)              # OrganisationsTable: rows and rejected
    from noko.core.tables.preview import Known, compare
    preview = compare(known, table)                 # added, changed, unchanged, rejected

    from noko.core.tables.matching import match_names, confirm
    matching = match_names(left, right)             # names or References
    matching.certain, matching.proposed             # pairs of positions; proposed: for a person
    matching.only_left, matching.only_right         # positions
    matching = confirm(matching, same=[("СОШ № 1", "МБОУ «Школа № 1»")])

    from noko.core.tables.roles import read_as, read_list
    table = read_as("answers", sheets, edition)     # the same reader; tells a file of another role

Every reader takes ``columns={"organisation": "Школа", "q2": "Столбец"}`` – the choice of a person
who has seen ``suggest_mapping`` – and raises ``Refusal`` with *all* problems in ``.problems``:
nothing of a bad file is accepted. Only ``read_organisations`` keeps its good rows and returns the
rejected ones beside them, for the preview. ``table.warnings`` are ``Problem`` objects that did
not stop the reading; ``table.ignored`` names the columns and sheets that were not used.

Refusal kinds: ``missing_column``, ``ambiguous_column``, ``unknown_column``, ``several_sheets``,
``no_rows``, ``merged_cells``, ``bad_cells``, ``percent_instead_of_count``,
``duplicate_organisation``, ``another_role``; for files themselves see ``noko.exchange.files``.
"""
