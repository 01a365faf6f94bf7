// Renders the page's explorers (anywidget front-end modules) with no kernel: a model is the
// state that stands in the page, a module a script that registers itself, which a page can load
// from disk too. It is loaded when an explorer of its kind comes near the window.
(() => {
  const data = document.getElementById("actgrad-explorers")?.textContent;
  if (!data) return;
  const models = JSON.parse(data);
  const folder = new URL(
    "explorers/",
    /** @type {HTMLScriptElement} */ (document.currentScript).src,
  );

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

  const loaded = {};
  function load(key) {
    loaded[key] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL(`${key}.js`, folder).href;
      script.onload = () => resolve(window.actgradModules[key]);
      script.onerror = () => reject(new Error(`cannot load ${script.src}`));
      document.head.append(script);
    });
    return loaded[key];
  }

  const live = {};
  async function start(view) {
    const { module, state } = models[view.dataset.model];
    const widget = await load(module);
    live[view.dataset.model] ??= (async () => {
      const model = createModel(state);
      await widget.initialize?.({ model });
      return model;
    })();
    const el = document.createElement("div");
    await widget.render?.({ model: await live[view.dataset.model], el });
    // Behind the still picture it finds its size: in its place it would move what is below.
    el.style.cssText = "position: absolute; inset-inline: 0; visibility: hidden";
    view.style.position = "relative";
    view.append(el);
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    for (const moved of [view, el]) moved.removeAttribute("style");
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

  const waiting = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        waiting.unobserve(entry.target);
        begin(entry.target);
      }),
    { rootMargin: "50% 0%" },
  );
  for (const view of document.querySelectorAll(".actgrad-explorer")) waiting.observe(view);
})();
