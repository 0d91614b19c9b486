// As much of a document as the scripts need to be loaded and to make elements: a
// tree that tests can look at. What needs layout is tested in a browser.

class Element {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [], dataset: {}, style: {} });
  }

  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }

  append(...children) {
    this.children.push(...children);
  }

  addEventListener() {}
}

globalThis.document = {
  documentElement: Object.assign(new Element("html"), { lang: "en", dataset: { base: "/a" } }),
  createElement: (tag) => new Element(tag),
};

// texts answers the scripts' requests for their catalogues.
export function texts(catalogue) {
  globalThis.fetch = async () => ({ json: async () => catalogue });
}
