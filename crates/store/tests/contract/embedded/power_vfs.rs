//! A file system that can lose power: it remembers what each file would hold if the machine
//! stopped now, which is what was synced, and perhaps some of what was not.
//!
//! It wraps the operating system's own. Reads and writes go through, so SQLite works as ever; at
//! the same time each write is noted as pending until its file is synced. When the power is cut,
//! every later operation fails, and [`restore`] gives the files the content that they would have
//! after the machine came up again.

#![expect(
    unsafe_code,
    reason = "SQLite's file system interface is a table of C functions"
)]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rusqlite::ffi;

/// The name under which SQLite knows it.
pub const NAME: &str = "loses-power";

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// What becomes of writes that were not synced.
#[derive(Debug, Clone, Copy)]
pub enum Unsynced {
    /// None of them reached the disk.
    Lost,
    /// Some sectors of some of them did, in no particular order.
    Scattered {
        /// Which ones.
        seed: u64,
    },
}

/// A write that has not been synced.
enum Pending {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

/// One file, as the program sees it and as the disk has it.
#[derive(Default)]
struct Image {
    synced: Vec<u8>,
    pending: Vec<Pending>,
    /// Whether the program sees it: made and not deleted since.
    exists: bool,
    on_disk: Entry,
}

/// What the folder on the disk has under a file's name.
#[derive(Default)]
enum Entry {
    /// Nothing yet: a new file that no sync of the folder has covered.
    #[default]
    Nothing,
    /// The file.
    File,
    /// A file of that name that was deleted, with its content; the folder was not synced since.
    Former(Vec<u8>),
}

#[derive(Default)]
struct Disk {
    files: BTreeMap<PathBuf, Image>,
    is_off: bool,
    /// Whether the next sync fails, once.
    fails: bool,
    /// Which step fails, once.
    fault: Option<Fault>,
    /// Whether it did.
    has_failed: bool,
}

/// One write, truncation or sync that fails.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Which, from now on: the first is 0.
    pub step: usize,
    /// Whether it reaches the disk all the same.
    pub lands: bool,
}

/// What becomes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Done,
    FailsBefore,
    FailsAfter,
}

/// One disk for each folder, so that tests do not cut each other's power.
static DISKS: Mutex<BTreeMap<PathBuf, Disk>> = Mutex::new(BTreeMap::new());

fn disks() -> MutexGuard<'static, BTreeMap<PathBuf, Disk>> {
    DISKS.lock().unwrap()
}

/// Runs on the disk that a file is on; `None` once its power is off.
fn on_disk<T>(file: &Path, run: impl FnOnce(&mut Disk) -> T) -> Option<T> {
    let mut disks = disks();
    let disk = disks.entry(file.parent()?.to_owned()).or_default();
    (!disk.is_off).then(|| run(disk))
}

/// Cuts the power of a folder's disk: whatever SQLite asks for from now on fails.
pub fn cut(folder: &Path) {
    disks().entry(folder.to_owned()).or_default().is_off = true;
}

/// Makes the next sync of a folder's disk fail, as a worn-out disk does.
pub fn fail_one_sync(folder: &Path) {
    disks().entry(folder.to_owned()).or_default().fails = true;
}

/// Makes one step on a folder's disk fail.
pub fn fail(folder: &Path, fault: Fault) {
    let mut disks = disks();
    let disk = disks.entry(folder.to_owned()).or_default();
    (disk.fault, disk.has_failed) = (Some(fault), false);
}

/// Whether the step that was to fail was reached. From now on none fails.
pub fn has_failed(folder: &Path) -> bool {
    let mut disks = disks();
    let disk = disks.entry(folder.to_owned()).or_default();
    disk.fault = None;
    disk.has_failed
}

/// Gives the files of a folder the content that they have when the machine comes up again. Call
/// it when nothing has them open any more.
pub fn restore(folder: &Path, unsynced: Unsynced) {
    let disk = disks().remove(folder).expect("the power was on once");
    for (path, image) in disk.files {
        let content = match image.on_disk {
            Entry::File => image.content_after(unsynced),
            Entry::Former(content) => content,
            Entry::Nothing => {
                let _ = std::fs::remove_file(&path);
                continue;
            }
        };
        std::fs::write(&path, content).unwrap();
    }
    // Shared memory is memory.
    let _ = std::fs::remove_file(folder.join("candour.db-shm"));
}

impl Disk {
    /// Counts a step, and says what becomes of it.
    fn step(&mut self) -> Step {
        match &mut self.fault {
            Some(fault) if fault.step > 0 => {
                fault.step -= 1;
                Step::Done
            }
            Some(fault) => {
                let lands = fault.lands;
                self.fault = None;
                self.has_failed = true;
                match lands {
                    true => Step::FailsAfter,
                    false => Step::FailsBefore,
                }
            }
            None => Step::Done,
        }
    }

    /// A file is opened, and made if it is not there.
    fn open(&mut self, path: &Path) {
        let image = self.files.entry(path.to_owned()).or_insert_with(|| {
            let found = std::fs::read(path).ok();
            Image {
                exists: found.is_some(),
                on_disk: found.as_ref().map_or(Entry::Nothing, |_| Entry::File),
                synced: found.unwrap_or_default(),
                pending: Vec::new(),
            }
        });
        if !image.exists {
            let former = std::mem::take(image);
            image.exists = true;
            image.on_disk = match former.on_disk {
                Entry::File => Entry::Former(former.synced),
                other => other,
            };
        }
    }

    fn delete(&mut self, path: &Path, sync_folder: bool) {
        if let Some(image) = self.files.get_mut(path) {
            image.exists = false;
        }
        if sync_folder {
            self.sync_folder();
        }
    }

    fn write(&mut self, path: &Path, pending: Pending) {
        if let Some(image) = self.files.get_mut(path) {
            image.pending.push(pending);
        }
    }

    /// Syncs a file. As SQLite does on Unix, the first sync of a new log or journal also syncs
    /// the folder; that of a new database does not.
    fn sync(&mut self, path: &Path) -> bool {
        if std::mem::take(&mut self.fails) {
            return false;
        }
        let Some(image) = self.files.get_mut(path) else {
            return true;
        };
        for pending in std::mem::take(&mut image.pending) {
            pending.apply(&mut image.synced, || true);
        }
        let is_new = !matches!(image.on_disk, Entry::File);
        if is_new && path.extension().is_some_and(|it| it != "db") {
            self.sync_folder();
        }
        true
    }

    fn sync_folder(&mut self) {
        self.files.retain(|_, image| image.exists);
        for image in self.files.values_mut() {
            image.on_disk = Entry::File;
        }
    }
}

impl Image {
    fn content_after(self, unsynced: Unsynced) -> Vec<u8> {
        let mut content = self.synced;
        if let Unsynced::Scattered { seed } = unsynced {
            let mut chance = StdRng::seed_from_u64(seed);
            for pending in self.pending {
                pending.apply(&mut content, || chance.random());
            }
        }
        content
    }
}

impl Pending {
    /// Applies those sectors that are chosen.
    fn apply(self, content: &mut Vec<u8>, mut chosen: impl FnMut() -> bool) {
        match self {
            Self::Truncate(length) if chosen() => content.truncate(length),
            Self::Truncate(_) => {}
            Self::Write { at, bytes } => {
                for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                    if chosen() {
                        let from = at + number * SECTOR;
                        let to = from + sector.len();
                        content.resize(content.len().max(to), 0);
                        content[from..to].copy_from_slice(sector);
                    }
                }
            }
        }
    }
}

/// What becomes of the next step on the disk that a file is on.
fn step_on(file: &Path) -> Step {
    on_disk(file, Disk::step).unwrap_or(Step::Done)
}

/// Registers the file system, once.
pub fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite keeps the tables for the life of the process, so they are leaked; the
        // copied functions of the wrapped file system take any table that has its `mxPathname`.
        unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut vfs = *real;
            vfs.zName = c"loses-power".as_ptr();
            vfs.szOsFile += size_of::<Wrapped>() as c_int;
            vfs.pNext = std::ptr::null_mut();
            vfs.xOpen = Some(open);
            vfs.xDelete = Some(delete);
            let code = ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 0);
            assert_eq!(code, ffi::SQLITE_OK);
        }
    });
}

/// An open file: SQLite's part, what we know, and behind it the wrapped file.
#[repr(C)]
struct Wrapped {
    base: ffi::sqlite3_file,
    /// Absent for temporary files, which need not survive.
    path: Option<Box<PathBuf>>,
}

/// The wrapped file behind ours.
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: `szOsFile` makes room for both, one behind the other.
    unsafe { file.cast::<Wrapped>().add(1).cast() }
}

unsafe fn path<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a PathBuf> {
    // SAFETY: `open` has written a whole `Wrapped` there.
    unsafe { (*file.cast::<Wrapped>()).path.as_deref() }
}

/// Calls a function of the wrapped file.
macro_rules! through {
    ($file:ident . $method:ident ( $($argument:expr),* )) => {{
        // SAFETY: the wrapped file is open, and its table has every function of version 2.
        unsafe {
            let file = real($file);
            ((*(*file).pMethods).$method.unwrap_unchecked())(file $(, $argument)*)
        }
    }};
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes, a name that is null or ends in zero, and flags.
    unsafe {
        let path = (!name.is_null()).then(|| {
            let name = CStr::from_ptr(name)
                .to_str()
                .expect("test folders are plain");
            Box::new(PathBuf::from(name))
        });
        if let Some(path) = &path
            && on_disk(path, |disk| disk.open(path)).is_none()
        {
            (*file).pMethods = std::ptr::null();
            return ffi::SQLITE_CANTOPEN;
        }
        let wrapped = file.cast::<Wrapped>();
        std::ptr::write(
            wrapped,
            Wrapped {
                base: ffi::sqlite3_file {
                    pMethods: std::ptr::null(),
                },
                path,
            },
        );
        let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
        let open = (*vfs).xOpen.unwrap_unchecked();
        let code = open(vfs, name, real(file), flags, out_flags);
        if code == ffi::SQLITE_OK {
            (*wrapped).base.pMethods = &raw const METHODS;
        } else {
            std::ptr::drop_in_place(wrapped);
            (*file).pMethods = std::ptr::null();
        }
        code
    }
}

unsafe extern "C" fn delete(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite gives a name that ends in zero.
    unsafe {
        let path = Path::new(
            CStr::from_ptr(name)
                .to_str()
                .expect("test folders are plain"),
        );
        if on_disk(path, |disk| disk.delete(path, sync_folder != 0)).is_none() {
            return ffi::SQLITE_IOERR_DELETE;
        }
        let vfs = ffi::sqlite3_vfs_find(std::ptr::null());
        (*vfs).xDelete.unwrap_unchecked()(vfs, name, sync_folder)
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: i64,
) -> c_int {
    let mut step = Step::Done;
    // SAFETY: SQLite gives `length` bytes.
    unsafe {
        if let Some(path) = path(file) {
            step = step_on(path);
            if step == Step::FailsBefore {
                return ffi::SQLITE_IOERR_WRITE;
            }
            let written = std::slice::from_raw_parts(bytes.cast::<u8>(), length as usize);
            let pending = Pending::Write {
                at: at as usize,
                bytes: written.to_vec(),
            };
            if on_disk(path, |disk| disk.write(path, pending)).is_none() {
                return ffi::SQLITE_IOERR_WRITE;
            }
        }
    }
    match (through!(file.xWrite(bytes, length, at)), step) {
        (ffi::SQLITE_OK, Step::FailsAfter) => ffi::SQLITE_IOERR_WRITE,
        (code, _) => code,
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: the file is open.
    if let Some(path) = unsafe { path(file) } {
        let pending = Pending::Truncate(length as usize);
        if on_disk(path, |disk| disk.write(path, pending)).is_none() {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
    }
    through!(file.xTruncate(length))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: the file is open.
    if let Some(path) = unsafe { path(file) } {
        let step = step_on(path);
        let fails =
            step == Step::FailsBefore || on_disk(path, |disk| disk.sync(path)) != Some(true);
        if fails || step == Step::FailsAfter {
            return ffi::SQLITE_IOERR_FSYNC;
        }
    }
    // The real disk need not wait: this test loses power only in its imagination.
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let code = through!(file.xClose());
    // SAFETY: SQLite closes a file once and does not use it again.
    unsafe { std::ptr::drop_in_place(file.cast::<Wrapped>()) };
    code
}

/// Functions that only pass on.
macro_rules! pass_on {
    ($($name:ident = $method:ident ( $($argument:ident : $type:ty),* ) -> $result:ty;)*) => { $(
        unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $type)*) -> $result {
            through!(file.$method($($argument),*))
        }
    )* };
}

pass_on! {
    read = xRead(buffer: *mut c_void, length: c_int, at: i64) -> c_int;
    file_size = xFileSize(size: *mut i64) -> c_int;
    lock = xLock(level: c_int) -> c_int;
    unlock = xUnlock(level: c_int) -> c_int;
    check_reserved_lock = xCheckReservedLock(result: *mut c_int) -> c_int;
    file_control = xFileControl(op: c_int, argument: *mut c_void) -> c_int;
    sector_size = xSectorSize() -> c_int;
    device_characteristics = xDeviceCharacteristics() -> c_int;
    shm_map = xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock = xShmLock(offset: c_int, n: c_int, flags: c_int) -> c_int;
    shm_barrier = xShmBarrier() -> ();
    shm_unmap = xShmUnmap(delete: c_int) -> c_int;
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};
