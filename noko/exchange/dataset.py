"""The frozen data set of a wave on disk: a Data Package in a folder or a zip of it.

What to call for what::

    from noko.core.dataset import Organisation, Mark
    from noko.exchange.dataset import write_package, read_package, package_counts, zip_package
    from noko.exchange.answers import answers_frame

    package = write_package(
        folder,                      # must not exist; appears whole or not at all
        edition=edition,             # noko.queries.edition.get_edition("344n-2018")
        title="Независимая оценка 2026 года, Тамбовская область",
        description="",              # e.g. that the data are invented
        created_on=date(2026, 11, 23),
        organisations=[Organisation(id="o001", name=…, type=…, municipality=…, …), …],
        inspection={"o001": {"I_stand": 9, "N_stand": 11, …}, …},   # by organisation id
        marks=[Mark("o001", "stand", "режим работы", "present"), …],  # may be empty
        answers=frame,               # polars: "organisation" (id) and q1 … (1, 0, null)
        # or survey={"o001": {"U_stand": …, "A_stand": …}, …}  where only counts are known
        settings={"rounding": "stepwise_2", "policies": {…}},  # optional, proposed choices
    )
    package.digest                   # SHA-256 of datapackage.json, 64 hex digits
    package.edition, package.organisations, package.manifest, package.folder

    package = read_package(path)     # folder or .zip; every digest is verified first
    counts = package_counts(package, engine="polars")   # noko.core.scoring.counts.Counts
    zip_package(folder, target)      # the same bytes for the same package

    survey = package_survey(package)    # SurveyCounts: respondents, contradictory answers
    marks = package_marks(package)      # tuple of Mark, () where there are none
    sites = package_sites(package)      # tuple of SiteLine, () where experts looked at all sites

    frame = answers_frame(ids, index, {"q1": array, …})  # int8 arrays: 1, 0, -1 for empty;
                                     # index[i] is the position in ids of respondent i

``package_counts`` gives one row for every organisation of the package, in the order of
``package.organisations`` (by name, then id); 0 of 0 where nobody answered. Times, order of
arrival, free texts, sex and age never enter a package: its rows are sorted by organisation and
then by the answers themselves.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noko.core.dataset import (
    ANSWERS,
    DESCRIPTOR,
    INSPECTION,
    MARKS,
    ORGANISATIONS,
    SITES,
    SURVEY,
    Manifest,
    Mark,
    Organisation,
    Resource,
    SiteLine,
    broken,
    descriptor_bytes,
    inputs_of,
    parse_descriptor,
    sha256,
)
from noko.core.dataset_tables import (
    Figures,
    figures_bytes,
    marks_bytes,
    organisations_bytes,
    parse_figures,
    parse_marks,
    parse_organisations,
    parse_sites,
    refuse_repeated,
    sites_bytes,
)
from noko.core.edition_files import EDITION_FILES, parse_edition
from noko.core.editions import Edition
from noko.core.refusal import Place, Refusal
from noko.core.scoring.counts import Counts, Value, counts_from_columns
from noko.exchange.dataset_answers import refuse_strangers, write_answers
from noko.exchange.dataset_store import Store, appearing, flush, open_store, write
from noko.queries.edition import EDITIONS, edition_codes, get_edition

if TYPE_CHECKING:
    import polars as pl

    from noko.core.answers.results import SurveyCounts

_DESCRIPTOR_LIMIT = 16_000_000
_STILL = (1980, 1, 1, 0, 0, 0)
"""The time written into zips: the same package gives the same bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """A package whose digests have been verified. ``path`` is its folder or zip.

    ``columns``: symbol → figures of the inspection (and of the survey, where only counts are
    known), aligned with ``organisations``; ``answers``: the Parquet file of a folder or its bytes
    out of a zip, None where only counts are known.
    """

    path: Path
    digest: str
    manifest: Manifest
    edition: Edition
    organisations: tuple[Organisation, ...]
    columns: Mapping[str, tuple[Value, ...]]
    answers: Path | bytes | None

    @property
    def folder(self) -> Path:
        return self.path

    @property
    def edition_is_ours(self) -> bool:
        """Whether this program has the same edition under the same code, word for word."""
        code = self.edition.code
        return code in edition_codes() and get_edition(code).digest == self.edition.digest


# --- writing ------------------------------------------------------------------------------------


def write_package(
    folder: Path,
    *,
    edition: Edition,
    title: str,
    created_on: date,
    organisations: Sequence[Organisation],
    inspection: Figures,
    answers: pl.DataFrame | pl.LazyFrame | Iterator[pl.DataFrame] | None = None,
    survey: Figures | None = None,
    marks: Sequence[Mark] = (),
    sites: Sequence[SiteLine] = (),
    settings: Mapping[str, Any] | None = None,
    description: str = "",
) -> Package:
    """Write the package of a wave into ``folder``, whole or not at all; equal data, equal bytes.

    ``answers`` or ``survey``, not both; answers that come in parts are never held all at once: each
    part has whole organisations, and all parts together their order by id.

    Refusals: ``package_exists``, ``no_organisations``, ``duplicate_organisation``,
    ``unknown_organisation``, ``missing_column``, ``bad_answers``.
    """
    if (answers is None) == (survey is None):
        raise ValueError("either answers or survey")
    ordered = sorted(organisations, key=lambda item: (item.name, item.id))
    _refuse_organisations(ordered, inspection, survey or {}, marks)
    ids = [item.id for item in ordered]
    with appearing(folder) as place:
        files = {
            ORGANISATIONS: organisations_bytes(ordered),
            INSPECTION: figures_bytes(ids, inputs_of(edition, "inspection"), inspection),
        }
        if marks:
            files[MARKS] = marks_bytes(marks)
        if sites:
            files[SITES] = sites_bytes(sites)
        if survey is not None:
            files[SURVEY] = figures_bytes(ids, inputs_of(edition, "survey"), survey)
        if answers is not None:
            write_answers(answers, edition, ids, place / ANSWERS)
        for name, text in edition_texts(edition).items():
            files[f"edition/{name}"] = text
        for path, data in files.items():
            write(place / path, data)
        manifest = Manifest(
            title, description, created_on, edition.code, edition.digest, settings or {},
            tuple(_resources(place, [*files, *([ANSWERS] if answers is not None else [])])),
        )  # fmt: skip
        write(place / DESCRIPTOR, descriptor_bytes(edition, manifest))
    return read_package(folder)


def edition_texts(edition: Edition) -> dict[str, bytes]:
    """The files of the edition as they stand among the rules of this program.

    Refusal ``edition_changed`` when they are no longer those that ``edition`` was read from.
    """
    here = get_edition(edition.code)
    if here.digest != edition.digest:
        raise _edition_changed(edition.code, edition.digest, here.digest, "")
    return {name: (EDITIONS / edition.code / name).read_bytes() for name in EDITION_FILES}


def _refuse_organisations(
    organisations: Sequence[Organisation],
    inspection: Figures,
    survey: Figures,
    marks: Sequence[Mark],
) -> None:
    if not organisations:
        raise Refusal(
            "В наборе данных нет ни одной организации.",
            kind="no_organisations",
            cure="Добавьте организации.",
        )
    refuse_repeated(organisations)
    known = {item.id for item in organisations}
    strangers = {*inspection, *survey, *(mark.organisation for mark in marks)} - known
    refuse_strangers(sorted(strangers), "данные")


def _resources(place: Path, paths: Iterable[str]) -> Iterator[Resource]:
    order = [ORGANISATIONS, INSPECTION, MARKS, SITES, ANSWERS, SURVEY]
    order += [f"edition/{name}" for name in EDITION_FILES]
    for path in sorted(paths, key=order.index):
        with (place / path).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        yield Resource(path, (place / path).stat().st_size, digest)


# --- reading ------------------------------------------------------------------------------------


def read_package(path: Path) -> Package:
    """The package in a folder or a .zip; every file's size and digest is verified first.

    Refusals: ``no_package``, ``broken_package``, ``newer_package``, ``missing_resource``,
    ``digest_mismatch``, ``edition_changed``, ``broken_edition``, ``duplicate_organisation``.
    """
    with open_store(path) as store:
        descriptor = store.read(DESCRIPTOR, _DESCRIPTOR_LIMIT)
        manifest = parse_descriptor(descriptor)
        for resource in manifest.resources:
            _verify(resource, store)
        edition = _edition(manifest, store)
        organisations = parse_organisations(_table(manifest, store, ORGANISATIONS), ORGANISATIONS)
        return Package(
            path,
            sha256(descriptor),
            manifest,
            edition,
            organisations,
            _columns(manifest, store, edition, [item.id for item in organisations]),
            store.place(ANSWERS) if manifest.resource(ANSWERS) else None,
        )


def package_counts(package: Package, *, engine: str = "polars", skipped: str = "") -> Counts:
    """Counts of every organisation, in the order of ``package.organisations``.

    ``skipped``: the choice for ``skipped_question``; empty for the one the package proposes, else
    the edition's. Refusals: those of :func:`noko.exchange.answers.count_parquet`;
    ``unknown_organisation``.
    """
    columns: dict[str, Any] = dict(package.columns)
    if package.answers is not None:
        columns |= package_survey(package, engine=engine, skipped=skipped).columns
    return counts_from_columns(
        [item.name for item in package.organisations],
        columns,
        types=_given([item.type for item in package.organisations]),
        municipalities=_given([item.municipality for item in package.organisations]),
    )


def package_survey(package: Package, *, engine: str = "polars", skipped: str = "") -> SurveyCounts:
    """Counts of the questionnaires in the order of ``package.organisations``, 0 for no answers.

    A package without questionnaires has no columns and 0 respondents.
    """
    import polars as pl

    from noko.core.answers.results import SurveyCounts
    from noko.exchange.answers import count_parquet

    ids = [item.id for item in package.organisations]
    names = [item.name for item in package.organisations]
    if package.answers is None:
        empty = pl.Series([0] * len(ids), dtype=pl.Int64).to_numpy()
        return SurveyCounts(tuple(names), {}, empty, {})
    proposed = package.manifest.settings.get("policies", {}).get("skipped_question", "")
    counts = count_parquet(
        package.answers, package.edition, engine=engine, skipped=skipped or proposed, name=ANSWERS
    )
    position = {key: index for index, key in enumerate(counts.organisations)}
    refuse_strangers(sorted(set(position) - set(ids)), "анкеты", ANSWERS)
    return counts.taken([position.get(key, -1) for key in ids], names)


def package_marks(package: Package) -> tuple[Mark, ...]:
    """Marks of the inspection by items, in file order; empty where the package has none."""
    with open_store(package.path) as store:
        if not package.manifest.resource(MARKS):
            return ()
        return parse_marks(_table(package.manifest, store, MARKS), MARKS)


def package_sites(package: Package) -> tuple[SiteLine, ...]:
    """Where marks of sites are from, in file order; empty where experts looked at all sites."""
    with open_store(package.path) as store:
        if not package.manifest.resource(SITES):
            return ()
        return parse_sites(_table(package.manifest, store, SITES), SITES)


def zip_package(folder: Path, target: Path) -> None:
    """The package in ``folder`` as one zip for download; equal packages give equal bytes."""
    manifest = read_package(folder).manifest
    unfinished = target.with_name(f".{target.name}.unfinished")
    with zipfile.ZipFile(unfinished, "w") as archive:
        for path in (DESCRIPTOR, *(item.path for item in manifest.resources)):
            entry = zipfile.ZipInfo(path, _STILL)
            packed = path.endswith(".parquet")  # compressed inside already
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.file_size = (folder / path).stat().st_size
            with (folder / path).open("rb") as source, archive.open(entry, "w") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
    flush(unfinished)
    unfinished.replace(target)


def _given(values: Sequence[str]) -> Sequence[str]:
    return values if any(values) else ()


def _verify(resource: Resource, store: Store) -> None:
    size = store.size(resource.path)
    if size is None:
        raise Refusal(
            "Файла пакета нет.",
            kind="missing_resource",
            cure="Пакет неполон: получите его заново.",
            place=Place(file=resource.path),
        )
    found = store.digest(resource.path) if size == resource.bytes else ""
    if found == resource.digest:
        return
    detail = (
        f"SHA-256 файла – {found}, а должна быть {resource.digest}"
        if found
        else f"байт в файле – {size}, а должно быть {resource.bytes}"
    )
    raise Refusal(
        f"Файл изменён после фиксации: {detail}.",
        kind="digest_mismatch",
        cure="Получите пакет заново; изменённые данные фиксируют новым набором.",
        place=Place(file=resource.path),
    )


def _edition(manifest: Manifest, store: Store) -> Edition:
    """The edition inside the package: an old wave stays computable whatever we have now."""
    texts = {
        name: _table(manifest, store, f"edition/{name}").decode("utf-8", errors="replace")
        for name in EDITION_FILES
    }
    edition = parse_edition(texts)
    if edition.digest != manifest.edition_digest or edition.code != manifest.edition_code:
        raise _edition_changed(
            manifest.edition_code, manifest.edition_digest, edition.digest, DESCRIPTOR
        )
    return edition


def _edition_changed(code: str, expected: str, found: str, file: str) -> Refusal:
    return Refusal(
        f"Редакция {code} изменилась: контрольная сумма {found}, а ожидалась {expected}.",
        kind="edition_changed",
        cure="Получите пакет заново или пересоберите его по действующей редакции.",
        place=Place(file=file),
    )


def _columns(
    manifest: Manifest, store: Store, edition: Edition, ids: Sequence[str]
) -> dict[str, tuple[Value, ...]]:
    columns: dict[str, tuple[Value, ...]] = {}
    for path, collected in ((INSPECTION, "inspection"), (SURVEY, "survey")):
        if path == SURVEY and (not manifest.resource(path) or manifest.resource(ANSWERS)):
            continue
        data = _table(manifest, store, path)
        columns |= parse_figures(data, path, inputs_of(edition, collected), ids)
    return columns


def _table(manifest: Manifest, store: Store, path: str) -> bytes:
    resource = manifest.resource(path)
    if resource is None:
        raise broken(f"В описании пакета нет файла {path}.", DESCRIPTOR, "resources")
    return store.read(path, resource.bytes)
