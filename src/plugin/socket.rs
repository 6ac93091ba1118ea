//! A Unix socket in a directory of its own, which only this user may enter.

use std::env;
use std::fs::{self, DirBuilder, Permissions};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{self, Path, PathBuf};

use tokio::net::UnixListener;

use super::listener::{Address, Bound, Listener};

/// A directory with the socket in it; both are removed when this is dropped.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

/// Listens on a new socket, in the given directory or else in a temporary one.
///
/// Needs the context of a runtime.
pub(super) fn bind(parent: Option<&Path>) -> io::Result<Bound> {
    match parent {
        Some(parent) => bind_in(parent),
        // The path of a socket is limited to about a hundred bytes, and temporary directories can be deep.
        None => bind_in(&env::temp_dir()).or_else(|_| bind_in(Path::new("/tmp"))),
    }
}

fn bind_in(parent: &Path) -> io::Result<Bound> {
    let directory = Directory::new(&path::absolute(parent)?)?;
    let socket = directory.socket();
    let text = socket.to_str().filter(|path| !path.contains(['|', '\n', '\r']));
    let text =
        text.ok_or_else(|| io::Error::other("the path of the socket does not fit into the handshake line"))?;
    let address = Address { network: "unix", text: text.to_owned() };
    // Until the socket's mode is set, the directory's mode keeps others out.
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    Ok(Bound { listener: Listener::Unix(listener), address, _directory: Some(Box::new(directory)) })
}

impl Directory {
    fn new(parent: &Path) -> io::Result<Self> {
        // The standard library has no other source of random numbers; this one is good enough for a name.
        let name = format!("plugin-{:016x}", RandomState::new().hash_one(()));
        let path = parent.join(name);
        // Fails if the path exists, whoever made it.
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    fn socket(&self) -> PathBuf {
        self.0.join("socket")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // It does not matter if they no longer exist.
        let _ = fs::remove_file(self.socket());
        let _ = fs::remove_dir(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn nobody_else_can_reach_the_socket_and_nothing_stays() {
        let bound = bind(None).unwrap();
        let socket = PathBuf::from(&bound.address.text);
        let directory = socket.parent().unwrap().to_owned();
        assert_eq!(mode(&socket), 0o600);
        assert_eq!(mode(&directory), 0o700);
        drop(bound);
        assert!(!directory.exists());
    }

    #[tokio::test]
    async fn a_long_path_is_an_error_and_leaves_nothing() {
        let parent = Directory::new(&env::temp_dir()).unwrap();
        let deep = parent.0.join("d".repeat(100));
        fs::create_dir(&deep).unwrap();
        assert!(bind(Some(&deep)).is_err());
        assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
        fs::remove_dir(&deep).unwrap();
    }

    #[tokio::test]
    async fn a_path_that_would_break_the_line_is_an_error() {
        let parent = Directory::new(&env::temp_dir()).unwrap();
        let odd = parent.0.join("a|b");
        fs::create_dir(&odd).unwrap();
        assert!(bind(Some(&odd)).is_err());
        fs::remove_dir(&odd).unwrap();
    }
}
