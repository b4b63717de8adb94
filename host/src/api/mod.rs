#[derive(Clone)]
pub struct ApiState(#[allow(dead_code)] crate::host::Host);
impl ApiState {
    pub fn new(host: crate::host::Host) -> Self {
        Self(host)
    }
}
pub fn router(_: ApiState) -> axum::Router {
    axum::Router::new()
}
