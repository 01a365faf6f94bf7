// Renders the page's explorers (anywidget front-end modules) with no kernel: a model is the
// state that stands in the page, and a module is imported from that same page, so that it also
// works where a page may not import a second file (opened from disk).
(async () => {
  const data = document.currentScript?.previousElementSibling?.textContent ?? "";
  const { modules, models } = JSON.parse(data);

  function createModel(state) {
    const listeners = new Map();
    const emit = (event, ...values) => {
      for (const listener of [...(listeners.get(event) ?? [])]) listener(...values);
    };
    const model = {
      get: (name) => state[name],
      set(name, value) {
        const changes = typeof name === "object" ? name : { [name]: value };
        for (const [key, next] of Object.entries(changes)) {
          if (Object.is(state[key], next)) continue;
          state[key] = next;
          emit(`change:${key}`, model, next);
        }
        emit("change", model);
      },
      on(events, listener) {
        for (const event of events.split(" "))
          listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      },
      off(events, listener) {
        if (!events) listeners.clear();
        else
          for (const event of events.split(" "))
            if (listener) listeners.get(event)?.delete(listener);
            else listeners.delete(event);
      },
      save_changes() {}, // what a kernel would be told; every view hears of it by `set`
      send() {},
    };
    return model;
  }

  const imported = {};
  function importModule(key) {
    imported[key] ??= (async () => {
      const { esm, css } = modules[key];
      const style = document.createElement("style");
      style.textContent = css;
      document.head.append(style);
      const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      const widget = (await import(url)).default;
      URL.revokeObjectURL(url);
      return typeof widget === "function" ? widget() : widget;
    })();
    return imported[key];
  }

  const live = {};
  async function start(view) {
    const { module, state } = models[view.dataset.model];
    const widget = await importModule(module);
    live[view.dataset.model] ??= (async () => {
      const model = createModel(state);
      await widget.initialize?.({ model });
      return model;
    })();
    const el = document.createElement("div");
    await widget.render?.({ model: await live[view.dataset.model], el });
    view.replaceChildren(el);
    view.dataset.ready = "";
  }

  /** Start an explorer; where that fails its lines come back, and the console says why. */
  async function begin(view) {
    try {
      await start(view);
    } catch (error) {
      if (view.matches(".actgrad-steps"))
        document.documentElement.classList.remove("actgrad-live");
      throw error;
    }
  }

  // The theme's scripts run as soon as the page is parsed; an import begun then waits for all.
  importModule(Object.values(models)[0].module).catch(() => {}); // its explorer will say it
  await new Promise((resolve) =>
    document.addEventListener("readystatechange", resolve, { once: true }),
  );

  const waiting = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        waiting.unobserve(entry.target);
        begin(entry.target);
      }),
    { rootMargin: "50% 0%" },
  );
  for (const view of document.querySelectorAll(".actgrad-explorer")) {
    const { top, bottom } = view.getBoundingClientRect();
    // The observer would answer only after the theme's scripts have run.
    if (bottom > 0 && top < window.innerHeight) begin(view);
    else waiting.observe(view);
  }
})();
