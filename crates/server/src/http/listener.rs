//! Accepts connections: plain HTTP/1.1, or TLS with HTTP/2 or HTTP/1.1, and stops without cutting
//! an answer short.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use crate::config::{Limits, Tls};

/// Headers longer than this are refused by HTTP/2, as HTTP/1.1 does by its own bound.
const LONGEST_HEADERS: u32 = 32 * 1024;
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 128;

/// Where requests come in.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

impl Listener {
    /// Listens at this address; port 0 takes any free one.
    ///
    /// # Errors
    /// If the address is taken or the certificate cannot be read.
    pub async fn open(at: SocketAddr, tls: Option<&Tls>, limits: &Limits) -> io::Result<Self> {
        Ok(Self {
            tls: tls.map(acceptor).transpose()?,
            tcp: TcpListener::bind(at).await?,
            limits: limits.clone(),
        })
    }

    /// The address at which it listens.
    ///
    /// # Errors
    /// If the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }

    /// Serves until `stop` is ready; then accepts nothing new and lets answers under way finish.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()>) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(self.limits.connections));
        let door = Arc::new(Door::new(self.tls, &self.limits, router));
        let accept = async {
            loop {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let stream = accept(&self.tcp).await;
                let door = Arc::clone(&door);
                let watcher = graceful.watcher();
                tokio::spawn(async move {
                    door.serve(stream, watcher).await;
                    drop(place);
                });
            }
        };
        tokio::select! {
            () = accept => {}
            () = stop => {}
        }
        drop(self.tcp);
        let all_done = tokio::time::timeout(self.limits.stop_within, graceful.shutdown()).await;
        if all_done.is_err() {
            warn!("stopping although some answers are still under way");
        }
    }
}

/// The next connection. When the system has no more of them to give, waits instead of giving up.
async fn accept(tcp: &TcpListener) -> TcpStream {
    loop {
        match tcp.accept().await {
            Ok((stream, _)) => {
                // Answers are small and whole: waiting to fill a packet would only delay them.
                let _ = stream.set_nodelay(true);
                return stream;
            }
            Err(error) => {
                warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// What meets each new connection.
struct Door {
    tls: Option<TlsAcceptor>,
    handshake_within: Duration,
    http1: Builder<TokioExecutor>,
    http2: Builder<TokioExecutor>,
    service: TowerToHyperService<Router>,
}

impl Door {
    fn new(tls: Option<TlsAcceptor>, limits: &Limits, router: Router) -> Self {
        // Never the version-guessing mode: it would wait for a first byte without a time limit.
        let mut http1 = Builder::new(TokioExecutor::new()).http1_only();
        http1
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.headers_within);
        let mut http2 = Builder::new(TokioExecutor::new()).http2_only();
        http2
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(Duration::from_secs(20))
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(LONGEST_HEADERS);
        Self {
            tls,
            handshake_within: limits.headers_within,
            http1,
            http2,
            service: TowerToHyperService::new(router),
        }
    }

    async fn serve(&self, stream: TcpStream, watcher: Watcher) {
        let Some(tls) = &self.tls else {
            return self.speak(&self.http1, stream, watcher).await;
        };
        let handshake = tokio::time::timeout(self.handshake_within, tls.accept(stream));
        let Ok(Ok(stream)) = handshake.await else {
            debug!("a TLS handshake failed");
            return;
        };
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let builder = if is_http2 { &self.http2 } else { &self.http1 };
        self.speak(builder, stream, watcher).await;
    }

    async fn speak<S>(&self, builder: &Builder<TokioExecutor>, stream: S, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let connection = builder.serve_connection(TokioIo::new(stream), self.service.clone());
        if let Err(error) = watcher.watch(connection).await {
            debug!(error, "a connection ended early");
        }
    }
}

fn acceptor(tls: &Tls) -> io::Result<TlsAcceptor> {
    let unreadable = |what: &std::path::Path, error: String| {
        let words = format!("{} cannot be used: {error}", what.display());
        io::Error::new(io::ErrorKind::InvalidData, words)
    };
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(&tls.certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .map_err(|error| unreadable(&tls.key, error.to_string()))?;
    let mut config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| unreadable(&tls.certificate, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
