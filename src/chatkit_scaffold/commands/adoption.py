"""`add-store` in a backend that this tool did not make: shown, and on request written."""

from dataclasses import replace
from typing import TYPE_CHECKING

from chatkit_scaffold.commands.change import Way, carry_out, on_terminal
from chatkit_scaffold.error import USAGE, ScaffoldError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_scaffold.doctor.site import Site
    from chatkit_scaffold.scaffold.adoption import Package
    from chatkit_scaffold.scaffold.plan import Change
    from chatkit_scaffold.scaffold.revision import Revision

COMMAND = "add-store"
CHATKIT = "openai-chatkit"


def adopt(names: list[str], way: Way, *, default: bool, transfer: bool) -> int:
    from chatkit_scaffold.report import terminal
    from chatkit_scaffold.scaffold.adoption import is_ours
    from chatkit_scaffold.scaffold.project import not_found

    with terminal.console(stderr=way.json).status("Looking at the backend"):
        from chatkit_scaffold.doctor.site import find_site

        site = find_site(way.where)
        if site is None:
            raise not_found(way.where, "Nor is there a class that inherits ChatKitServer.")
        if is_ours(site.project.files.paths, site.folder):
            raise not_found(way.where, "It looks like one: bring that file back from git.")
        if transfer:
            hint = "Leave it out. What is there stays where it is."
            raise ScaffoldError("--transfer cannot read a store of your own.", hint, USAGE)
        revision, notes = _plan(site, names, default=default)
    asked = way.yes or way.dry_run or (on_terminal() and not way.json)
    if not asked and revision.writes:
        notes.append("Nothing is written without --yes.")
    return carry_out(COMMAND, revision, way if asked else replace(way, dry_run=True), notes=notes)


def _plan(site: "Site", names: list[str], *, default: bool) -> "tuple[Revision, list[str]]":
    from chatkit_scaffold.doctor.asker import find_asker
    from chatkit_scaffold.doctor.project import from_tree
    from chatkit_scaffold.scaffold.adoption import (
        Package,
        find_package,
        free_folder,
        kept_stores,
        says_nobody,
    )
    from chatkit_scaffold.scaffold.menu import Menu
    from chatkit_scaffold.scaffold.merge import Names
    from chatkit_scaffold.scaffold.needs import Files, declare
    from chatkit_scaffold.scaffold.plan import Change, plan
    from chatkit_scaffold.scaffold.project import Project
    from chatkit_scaffold.scaffold.revision import Revision, check_resolved
    from chatkit_scaffold.scaffold.template import find_template, version_of
    from chatkit_scaffold.tree import read_paths

    template = find_template()
    menu = Menu(template, by_flag=False)
    found = find_package(site.project.files.paths, site.folder)
    there = [path.name for path in (site.root / site.folder).iterdir()]
    files = Files.read(site.root, list(site.above()))
    asker = find_asker(site.project)
    home = site.folder if files.home is None else files.home
    package = Package(found or free_folder(site.folder, there), home, asker.expression)

    made = kept_stores(site.root / found, menu) if found else []
    stores = list(dict.fromkeys([*names, *made] if default else [*made, *names]))
    target = package.files(template, menu, stores)
    base = package.files(template, menu, made) if made else {}
    disk = read_paths(site.root, base.keys() | target.keys())
    check_resolved(disk)
    changes = plan(base, target, disk, Names("yours", f"chatkit-scaffold {COMMAND}"))
    notes = []
    for one in [*declare(files, package.needs(menu, stores)), *_wired(site, package)]:
        if isinstance(one, Change):
            changes += [one] if one.writes else []
        else:
            notes.append(one)
    made_for = site.project.sdk.bundled[CHATKIT]["version"]
    for asked in from_tree(files.texts).depends_on(CHATKIT):
        if not asked.allows(made_for):
            notes.append(f"{asked.path} has {CHATKIT}{asked.bounds}; this is made for {made_for}.")
    owner = f"{package.folder}/owner.py"
    if says_nobody(str(disk.get(owner, target[owner]))):
        notes.append(f"{owner} is yours to finish, or all requests fail: {asker.reason}.")
    version = version_of(template)
    changes.sort(key=lambda change: change.path)
    project = Project(site.root, version, {"stores": stores})
    return Revision(project, version, {"stores": list(stores)}, changes), notes


def _wired(site: "Site", package: "Package") -> "Iterator[Change | str]":
    """The two lines, or how to write them."""
    from chatkit_scaffold.doctor.fix import apply
    from chatkit_scaffold.doctor.obstacles import references
    from chatkit_scaffold.doctor.placement import import_line, opener, wire
    from chatkit_scaffold.scaffold.plan import Action, Change
    from chatkit_scaffold.swap import MARK
    from chatkit_scaffold.tree import read_paths

    project, wiring = site.project, site.wiring
    path, name = wiring.module.path, package.folder.rpartition("/")[2]
    if path.startswith(f"{package.folder}/"):
        return
    edits = wire(project, wiring, name)
    if not edits:
        yield from wiring.obstacles
        line, call = import_line(project, wiring.module, name), opener(project, wiring.module)
        yield f"So {path} is left as it is. By hand: `{line}`, and give your server `{call}()`."
        return
    before, after = read_paths(site.root, [path])[path], apply(edits, project.files)[path]
    if not isinstance(before, str):
        raise ScaffoldError(f"{path} cannot be changed.", "Is it a link, or not UTF-8?")
    mark = MARK if before.startswith(MARK) else ""
    yield Change(path, Action.UPDATE, "its store is from open_store()", before, f"{mark}{after}")
    if wiring.store:
        old, home = wiring.store.name, wiring.store.module.path
        unused = home != path and old not in after
        yield f"{old} stays in {home}{f', and is imported no more by {path}' if unused else ''}."
        places = [
            f"{module.path}:{node.lineno}" for module, node in references(project, wiring.store)
        ]
        left = [place for place in places if not place.startswith(f"{path}:")]
        if left:
            yield f"{old} is still the type at {', '.join(left)}: there it is a Store now."
