// What a page owes to every reader, as a list of what is amiss. Runs in the page.
() => {
  const faults = [];
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility !== "hidden" && style.clipPath !== "inset(50%)";
  };
  const name = (element) => `<${element.tagName.toLowerCase()} ${element.id || element.className.baseVal || element.className || ""}>`
    + ` "${(element.textContent || "").trim().slice(0, 40)}"`;

  // Identifiers are unique, and every reference leads somewhere.
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) faults.push(`id ${id} occurs twice`);
  for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/)) {
        if (!document.getElementById(id)) faults.push(`${attribute} of ${name(element)} leads nowhere: ${id}`);
      }
    }
  }
  for (const element of document.querySelectorAll("[clip-path^='url(#'], [fill^='url(#']")) {
    const value = element.getAttribute("clip-path") || element.getAttribute("fill");
    if (!document.getElementById(value.slice(5, -1))) faults.push(`${value} leads nowhere`);
  }

  // Everything that can be used or seen has a name.
  const labelled = (element) => (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)?.textContent || "").join(" ").trim();
  const accessibleName = (element) => labelled(element) || element.getAttribute("aria-label")
    || [...(element.labels || [])].map((label) => label.textContent).join(" ").trim() || element.textContent.trim();
  for (const element of document.querySelectorAll("button, input, select, a, summary, [tabindex]")) {
    if (!accessibleName(element)) faults.push(`${name(element)} has no name`);
  }
  for (const svg of document.querySelectorAll("svg")) {
    if (svg.getAttribute("role") !== "img") faults.push(`${name(svg)} is no image`);
    if (!labelled(svg)) faults.push(`${name(svg)} has no name`);
    if (!svg.querySelector("title")?.textContent || !svg.querySelector("desc")?.textContent) {
      faults.push(`${name(svg)} has no title or no description`);
    }
  }
  for (const figure of document.querySelectorAll("figure")) {
    if (!figure.querySelector("svg")) faults.push(`${name(figure)} has no picture`);
    if (!figure.querySelector("table")) faults.push(`${name(figure)} has no data as a table`);
  }

  // One h1, and no level left out.
  const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("there is not one h1");
  levels.forEach((level, index) => {
    if (index > 0 && level > levels[index - 1] + 1) faults.push(`a heading h${level} follows h${levels[index - 1]}`);
  });
  if (!document.documentElement.lang) faults.push("the language is not said");
  if (!document.title) faults.push("there is no title");
  if (document.querySelectorAll("main").length !== 1) faults.push("there is not one main");

  // Tables tell what their rows and columns are.
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption?.textContent) faults.push(`${name(table)} has no caption`);
    for (const header of table.querySelectorAll("th")) {
      if (!["col", "row"].includes(header.scope)) faults.push(`${name(header)} has no scope`);
    }
    const width = table.rows[0].cells.length;
    for (const row of table.rows) {
      if (row.cells.length !== width) faults.push(`${name(table)} has rows of ${width} and ${row.cells.length} cells`);
      if (row.cells.length > 0 && row.cells[0].tagName !== "TH") faults.push(`${name(row)} has no header`);
    }
  }

  // Text stands out from what is behind it.
  const channels = (colour) => {
    const found = colour.match(/[\d.]+/g);
    return found ? found.map(Number) : [0, 0, 0, 0];
  };
  const light = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const contrast = (one, other) => {
    const [bright, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (bright + 0.05) / (dark + 0.05);
  };
  const paper = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const behind = (text) => {
    const box = text.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const under = [...text.ownerSVGElement.querySelectorAll("rect")].filter((rect) => {
      const own = rect.getBoundingClientRect();
      const isBefore = rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
      const isPlain = /^rgb\(/.test(getComputedStyle(rect).fill) && !rect.closest("clipPath, defs")
        && Number(getComputedStyle(rect).fillOpacity) === 1 && Number(getComputedStyle(rect).opacity) === 1;
      return isBefore && isPlain && own.left <= x && x <= own.right && own.top <= y && y <= own.bottom;
    });
    return under.length ? channels(getComputedStyle(under[under.length - 1]).fill) : paper(text);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest("script, style, title, desc, [hidden]")) continue;
    if (!shown(element)) continue;
    const isDrawn = element.ownerSVGElement;
    const style = getComputedStyle(element);
    const found = contrast(channels(isDrawn ? style.fill : style.color), isDrawn ? behind(element) : paper(element));
    if (found < 4.5) faults.push(`contrast ${found.toFixed(2)} of ${name(element)}`);
  }

  // What scrolls can be reached with the keyboard.
  for (const element of document.querySelectorAll("main *")) {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth && element.tabIndex < 0) {
      faults.push(`${name(element)} scrolls, but not with the keyboard`);
    }
  }

  // Nothing reaches beyond the window, except within a box that scrolls.
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);
  }
  for (const element of document.querySelectorAll("main *, header *")) {
    if (element.closest("svg, .scroll > *, details:not([open])") || !shown(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth + 0.5 || box.left < -0.5) faults.push(`${name(element)} reaches beyond the window`);
  }
  return [...new Set(faults)];
}
