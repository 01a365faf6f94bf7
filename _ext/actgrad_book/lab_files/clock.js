// A time limit without threads and without shared memory: Python looks at this "buffer" every
// few instructions, and 2 interrupts it.
export const clock = {
  end: Infinity,
  get 0() {
    if (performance.now() < this.end) return 0;
    this.end = Infinity;
    return 2;
  },
  set 0(_) {},
};

/** Let Python be interrupted by this clock, and let it set the time. */
export function setClock(python) {
  python.setInterruptBuffer(clock);
  python.registerJsModule("lab_clock", {
    now: () => performance.now(),
    get: () => clock.end,
    set: (end) => {
      clock.end = end;
    },
  });
}
