"""Python code inside the workbook, in the parts where the add-in xlwings Lite looks for it.

The add-in keeps each of its files as a property of its web extension, the text as a JSON string. The parts and
properties are those of workbooks that it saved itself.
"""

import json
import uuid
from collections.abc import Mapping

from lxml import etree

from xlmodel.xlsx.escaping import escape, quoteattr
from xlmodel.xlsx.passes import OFFICE, RELATIONS, Parts, serialized

ADD_IN = "wa200008175"  # xlwings Lite in the Office store
ADD_IN_VERSION, PYODIDE_VERSION = "1.0.0.0-18", "0.27.5"  # as the newest workbook that was looked at says
EXTENSION = "http://schemas.microsoft.com/office/webextensions/webextension/2010/11"
PANES = "http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11"
OF_2011 = "http://schemas.microsoft.com/office/2011/relationships"
_FOLDER = "xl/webextensions"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def add_code(parts: Parts, files: Mapping[str, str]) -> None:
    """Store files, such as main.py and requirements.txt, for xlwings Lite; the task pane stays closed."""
    parts[f"{_FOLDER}/webextension1.xml"] = _extension(files).encode()
    parts[f"{_FOLDER}/taskpanes.xml"] = (
        f'{_HEAD}<wetp:taskpanes xmlns:wetp="{PANES}"><wetp:taskpane dockstate="right" visibility="0" width="438" row="1">'
        f'<wetp:webextensionref xmlns:r="{OFFICE}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    ).encode()
    parts[f"{_FOLDER}/_rels/taskpanes.xml.rels"] = (
        f'{_HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OF_2011}/webextension" '
        'Target="webextension1.xml"/></Relationships>'
    ).encode()
    types = etree.fromstring(parts["[Content_Types].xml"])
    for name, kind in (("webextension1", "webextension"), ("taskpanes", "webextensiontaskpanes")):
        content = f"application/vnd.ms-office.{kind}+xml"
        etree.SubElement(
            types, f"{{{types.nsmap[None]}}}Override", PartName=f"/{_FOLDER}/{name}.xml", ContentType=content
        )
    parts["[Content_Types].xml"] = serialized(types)
    relations = etree.fromstring(parts["_rels/.rels"])
    kind, target = f"{OF_2011}/webextensiontaskpanes", f"{_FOLDER}/taskpanes.xml"
    etree.SubElement(relations, f"{{{RELATIONS}}}Relationship", Id="rIdPanes", Type=kind, Target=target)
    parts["_rels/.rels"] = serialized(relations)


def _extension(files: Mapping[str, str]) -> str:
    properties = {**files, "pyodideVersion": PYODIDE_VERSION, "addinVersion": ADD_IN_VERSION}
    said = "".join(f"<we:property name={quoteattr(n)} value={_attribute(text)}/>" for n, text in properties.items())
    own = str(uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(properties))).upper()
    store = 'version="1.0.0.0" store="{}" storeType="OMEX"/>'
    return (
        f'{_HEAD}<we:webextension xmlns:we="{EXTENSION}" id="{{{own}}}">'
        f'<we:reference id="{ADD_IN}" {store.format("en-US")}<we:alternateReferences>'
        f'<we:reference id="{ADD_IN}" {store.format(ADD_IN.upper())}</we:alternateReferences>'
        f'<we:properties>{said}</we:properties><we:bindings/><we:snapshot xmlns:r="{OFFICE}"/></we:webextension>'
    )


def _attribute(text: str) -> str:
    """A text as a JSON string in an attribute; escapes keep it on one line and free of control characters."""
    return '"' + escape(json.dumps(text)).replace('"', "&quot;") + '"'
