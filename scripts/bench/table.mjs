// The report as a person reads it.

const row = (cells) => cells.map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(12))).join('')

/** The report of `run.mjs` as lines of text. */
export function asTable(report) {
  const { machine, fsync_4k: disk, reads, cold_start: start, import: imported, decision, search, ledger, inbox } = report
  return [
    `${report.candour} (${report.commit})`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory_gib} GiB, ${machine.kernel}, ${machine.disk}`,
    `load before: ${machine.load_before}`,
    '',
    `Reads of one resource, decided, logged and synced (${report.different_resources} different ones in turn)`,
    row(['at once', 'per second', 'p50 ms', 'p99 ms', 'cpu us', 'memory MB']),
    ...reads.map((read) =>
      row([read.concurrency, read.reads_per_second, read.p50_ms, read.p99_ms, read.cpu_us_per_read, read.resident_mb])
    ),
    ...['before', 'after'].map((when) => {
      const { p50_ms, p99_ms } = disk[when]
      return row(['4 KiB + fsync', Math.round(1000 / p50_ms), p50_ms, p99_ms]) + `   the disk alone, ${when}`
    }),
    '',
    imported.skipped
      ? `Import: SKIPPED: ${imported.skipped}`
      : `Import: ${imported.resources} resources in ${imported.seconds} s, ${imported.resources_per_second} a second`,
    `Cold start on an existing directory: ${start.median_ms} ms (median of ${start.runs}); resident when idle: ${start.resident_idle_mb} MB`,
    `One decision, ${decision.policies} local policies, ${decision.consents} consents, ${decision.classes} label classes: ` +
      `p50 ${decision.warm_p50_us} us, p99 ${decision.warm_p99_us} us, ${decision.per_second} a second in one thread; ` +
      `the first after loading ${decision.cold_p50_us} us`,
    ...searchLines(search ?? []),
    ...ledgerLines(ledger),
    '',
    inboxLine(inbox)
  ].join('\n')
}

/** How cost grows with what is held: one column of p50 and one of p99 for each size. */
function searchLines(sizes) {
  if (sizes.length === 0) return []
  const [first] = sizes
  const times = (of) => sizes.flatMap((size) => [of(size).p50_ms, of(size).p99_ms])
  return [
    '',
    'One after another, each decided, logged and synced, ms (p50 and p99 for each size)',
    row(['resources', ...sizes.flatMap((size) => [size.resources, ''])]),
    ...Object.keys(first.shapes).map((name) => row([name, ...times((size) => size.shapes[name])])),
    row(['read', ...times((size) => size.read)]),
    row(['create', ...times((size) => size.create)]),
    row(['import/s', ...sizes.flatMap((size) => [size.import_per_second, ''])])
  ]
}

/** What the ledger costs. */
function ledgerLines({ store, proofs }) {
  return [
    '',
    'Entries appended, synced, each with its receipt',
    row(['at once', 'per second', 'p50 ms', 'p99 ms', 'cpu us']),
    ...store.appends.map((one) => row([one.concurrency, one.per_second, one.p50_ms, one.p99_ms, one.cpu_us])),
    `Checkpoint over 1 more entry: ${store.checkpoint_ms.over_1} ms; over 1,000: ${store.checkpoint_ms.over_1000} ms`,
    `On disk: ${store.bytes_per_entry} bytes for each of ${store.entries} entries, ${store.sealed_bytes} of them sealed`,
    `One proof in a log of ${proofs.leaves} leaves: ${proofs.proof_us} us`,
    `A pack of ${proofs.pack_entries} entries, ${proofs.pack_bytes} bytes: verified in ${proofs.verify_ms} ms`,
    `The epoch map of ${proofs.views} views, their positions at hand: ${proofs.map_s} s`
  ]
}

/** What a page of a team's list takes. */
function inboxLine({ teams, messages, p50_us, p99_us, busiest }) {
  const ms = (us) => `${us / 1000} ms`
  const worst = `of the team with ${busiest.messages}: p99 ${ms(busiest.p99_us)}`
  return `Inbox of one of ${teams} teams, ${messages} messages open: p50 ${ms(p50_us)}, p99 ${ms(p99_us)}; ${worst}`
}
