// What a measurement depends on besides the program: the machine, its disk, and a process's use of both.
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import os from 'node:os'
import { join } from 'node:path'

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** The machine, as a reader needs it to compare. */
export function describe(folder) {
  const [device, fileSystem] = mountOf(folder)
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memory_gib: Number((os.totalmem() / 2 ** 30).toFixed(1)),
    kernel: `${os.type()} ${os.release()}`,
    disk: `${fileSystem} on ${device}, ${Math.round(statfsSync(folder).blocks * statfsSync(folder).bsize / 2 ** 30)} GiB`,
    load_before: Number(os.loadavg()[0].toFixed(2))
  }
}

/** The device and type of the file system that a folder lies on. */
function mountOf(folder) {
  const mounts = readFileSync('/proc/mounts', 'utf8').trim().split('\n').map((line) => line.split(' '))
  const holds = ([, point]) => folder === point || folder.startsWith(point === '/' ? '/' : `${point}/`)
  const [device, , type] = mounts.filter(holds).sort((a, b) => a[1].length - b[1].length).at(-1)
  return [device, type]
}

/** How long the disk takes to make 4 KiB durable: writes and fsyncs, one after another. */
export function fsyncTimes(folder, count = 1000) {
  const scratch = mkdtempSync(join(folder, 'fsync-'))
  const file = openSync(join(scratch, 'probe'), 'w')
  const page = Buffer.alloc(4096, 1)
  const times = []
  for (let i = 0; i < count; i++) {
    const from = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    times.push(performance.now() - from)
  }
  closeSync(file)
  rmSync(scratch, { recursive: true })
  return { p50_ms: percentile(times, 50), p99_ms: percentile(times, 99), writes: count }
}

/** The value below which `percent` of the values lie, to a microsecond. */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)]
  return Number(value.toFixed(3))
}

/** Seconds of processor time that a process has used. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident memory of a process in MB. */
export function residentMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number((Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1000).toFixed(1))
}
