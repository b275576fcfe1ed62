//! Who asks: a token, the headers that go with it, and what people do with the API.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;

use crate::answer::Answer;
use crate::hall::Hall;
use crate::premises::SITE;

/// Somebody at a client of the API.
#[derive(Clone)]
pub struct Actor<'h> {
    hall: &'h Hall,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl<'h> Actor<'h> {
    pub fn new(hall: &'h Hall) -> Self {
        Self {
            hall,
            headers: Vec::new(),
        }
    }

    /// The same, sending another header as well.
    pub fn with(&self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let mut other = self.clone();
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        other.headers.push((HeaderName::from_static(name), value));
        other
    }

    /// `GET` of an address below `/fhir`, or of a whole link.
    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, Body::empty()).await
    }

    pub async fn reads(&self, resource_type: &str, id: impl ToString) -> Answer {
        self.gets(&format!("{resource_type}/{}", id.to_string()))
            .await
    }

    pub async fn everything(&self, patient: impl ToString) -> Answer {
        self.gets(&format!("Patient/{}/$everything", patient.to_string()))
            .await
    }

    /// `POST` of a resource to its type.
    pub async fn creates(&self, resource: &Value) -> Answer {
        let resource_type = resource["resourceType"].as_str().expect("a resource type");
        self.posts(resource_type, resource.to_string()).await
    }

    pub async fn posts(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.asks(Method::POST, path, body).await
    }

    /// `PUT` of a resource under its own id.
    pub async fn puts(&self, resource: &Value) -> Answer {
        let part = |name: &str| resource[name].as_str().expect("type and id").to_owned();
        let path = format!("{}/{}", part("resourceType"), part("id"));
        self.puts_at(&path, resource.to_string()).await
    }

    pub async fn puts_at(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.asks(Method::PUT, path, body).await
    }

    pub async fn deletes(&self, path: &str) -> Answer {
        self.asks(Method::DELETE, path, Body::empty()).await
    }

    /// `POST` of a bundle to the base.
    pub async fn sends(&self, bundle: &Value) -> Answer {
        self.posts("", bundle.to_string()).await
    }

    pub async fn asks(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let uri = match path.strip_prefix(SITE) {
            Some(rest) => rest.to_owned(),
            None if path.starts_with('/') => path.to_owned(),
            None if path.is_empty() => "/fhir".to_owned(),
            None => format!("/fhir/{path}"),
        };
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self
            .headers
            .iter()
            .any(|(name, _)| name == header::CONTENT_TYPE)
        {
            request = request.header(header::CONTENT_TYPE, "application/fhir+json");
        }
        let request = request.body(body.into()).expect("a request");
        Answer::of(self.hall.carry(request).await).await
    }
}
