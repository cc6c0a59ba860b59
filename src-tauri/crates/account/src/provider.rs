//! The OpenID provider: its metadata, its keys, and the requests it takes.
//!
//! Errors of the token endpoint are reduced to code and description: what the endpoint answered may hold tokens.

use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGenderClaim, CoreGrantType, CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType, CoreTokenResponse,
};
use openidconnect::http::{HeaderValue, Method, StatusCode, header};
use openidconnect::{
    AccessToken, AdditionalProviderMetadata, AuthorizationCode, ClientId, CsrfToken, DeviceAuthorizationUrl,
    DiscoveryError, EmptyAdditionalClaims, EndpointMaybeSet, EndpointNotSet, EndpointSet, ErrorResponse,
    HttpRequest, IssuerUrl, Nonce, NonceVerifier, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, ProviderMetadata, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardErrorResponse, SubjectIdentifier, TokenResponse as _, TokenUrl, UserInfoClaims, UserInfoError,
};
use promptpal_domain::{Clock, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use url::form_urlencoded::Serializer;

use crate::AccountError;
use crate::config::issuer_text;
use crate::secrets::Secret;
use crate::session::Profile;
use crate::transport::{Transport, TransportError};

/// Of an access token whose answer names none (RFC 6749 leaves it out where the documentation says it).
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(300);

/// Metadata that the standard set of OpenID Connect Discovery does not name: RFC 8414, RFC 8628, RFC 9207.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct FurtherMetadata {
    revocation_endpoint: Option<Url>,
    device_authorization_endpoint: Option<DeviceAuthorizationUrl>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for FurtherMetadata {}

type Metadata = ProviderMetadata<
    FurtherMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointMaybeSet>;

/// What the token endpoint hands out.
#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) lifetime: Duration,
    pub(crate) refresh: Option<Secret>,
    id_token: Option<CoreIdToken>,
}

/// What one request for authorization must be answered with.
#[derive(Debug)]
pub(crate) struct Authorization {
    /// Where to send the browser.
    pub(crate) url: Url,
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
}

/// A provider whose metadata and keys are known.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) client: Client,
    pub(crate) transport: Transport,
    issuer: String,
    further: FurtherMetadata,
}

impl Provider {
    /// Reads the metadata and the keys.
    pub(crate) async fn discover(
        issuer: &Url,
        client_id: &str,
        transport: Transport,
    ) -> Result<Self, AccountError> {
        let metadata = metadata(issuer, &transport).await?;
        let Some(token_endpoint) = metadata.token_endpoint().cloned() else {
            return Err(AccountError::NotOffered("a token endpoint"));
        };
        let browser_goes_to = metadata.authorization_endpoint().url();
        if !transport.allows(browser_goes_to) {
            return Err(TransportError::Insecure(browser_goes_to.to_string()).during(DISCOVERING));
        }
        Ok(Self {
            issuer: metadata.issuer().to_string(),
            further: metadata.additional_metadata().clone(),
            client: client(metadata, client_id, token_endpoint),
            transport,
        })
    }

    /// As the provider writes it.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether each answer through the browser names the issuer (RFC 9207).
    pub(crate) const fn names_itself(&self) -> bool {
        self.further.authorization_response_iss_parameter_supported
    }

    /// Where devices without a browser ask (RFC 8628).
    pub(crate) const fn device_endpoint(&self) -> Option<&DeviceAuthorizationUrl> {
        self.further.device_authorization_endpoint.as_ref()
    }

    /// A request for authorization by code, with PKCE (S256), state and nonce of its own.
    pub(crate) fn authorization(&self, scopes: &[String], redirect: &Url) -> Authorization {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = self
            .client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            // OpenID Connect Core section 11: without it `offline_access` is ignored.
            .add_prompt(CoreAuthPrompt::Consent)
            .set_pkce_challenge(challenge)
            .set_redirect_uri(std::borrow::Cow::Owned(RedirectUrl::from_url(redirect.clone())))
            .url();
        Authorization {
            url,
            state,
            nonce,
            verifier,
        }
    }

    /// Exchanges the code that came back through the browser.
    pub(crate) async fn exchange(
        &self,
        code: String,
        verifier: PkceCodeVerifier,
        redirect: &Url,
    ) -> Result<Tokens, AccountError> {
        self.client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(verifier)
            .set_redirect_uri(std::borrow::Cow::Owned(RedirectUrl::from_url(redirect.clone())))
            .request_async(&self.transport)
            .await
            .map(Tokens::from)
            .map_err(|error| token_error("exchanging the code", error))
    }

    /// Exchanges a refresh token. One that the provider does not know any more is [`AccountError::Expired`].
    pub(crate) async fn refresh(&self, token: &Secret) -> Result<Tokens, AccountError> {
        let answer = self
            .client
            .exchange_refresh_token(&RefreshToken::new(token.reveal().to_owned()))
            .request_async(&self.transport)
            .await;
        match answer.map_err(|error| token_error("refreshing the session", error)) {
            Err(AccountError::Refused { code, .. }) if code == "invalid_grant" => Err(AccountError::Expired),
            other => other.map(Tokens::from),
        }
    }

    /// Whose id token this is. Checks signature, issuer, audience, expiry and nonce.
    pub(crate) fn subject<'a>(
        &'a self,
        tokens: &Tokens,
        clock: &'a dyn Clock,
        nonce: impl NonceVerifier,
    ) -> Result<SubjectIdentifier, AccountError> {
        let Some(id_token) = &tokens.id_token else {
            return Err(AccountError::IdTokenRefused {
                reason: "there is none".to_owned(),
            });
        };
        let verifier: CoreIdTokenVerifier<'a> = self
            .client
            .id_token_verifier()
            .set_time_fn(move || date(clock.now()));
        match id_token.claims(&verifier, nonce) {
            Ok(claims) => Ok(claims.subject().clone()),
            Err(error) => Err(AccountError::IdTokenRefused {
                reason: error.to_string(),
            }),
        }
    }

    /// Refuses a refreshed id token of somebody else (OpenID Connect Core section 12.2); it need not come with one.
    pub(crate) fn check_still(
        &self,
        subject: &str,
        tokens: &Tokens,
        clock: &dyn Clock,
    ) -> Result<(), AccountError> {
        if tokens.id_token.is_none() || self.subject(tokens, clock, any_nonce)?.as_str() == subject {
            return Ok(());
        }
        Err(AccountError::IdTokenRefused {
            reason: "it is about another person".to_owned(),
        })
    }

    /// Asks who somebody is; name and address are not in the id token.
    pub(crate) async fn profile(
        &self,
        access: &Secret,
        subject: SubjectIdentifier,
    ) -> Result<Profile, AccountError> {
        let doing = "reading the profile";
        let token = AccessToken::new(access.reveal().to_owned());
        let Ok(request) = self.client.user_info(token, Some(subject.clone())) else {
            return Ok(Profile {
                subject: subject.to_string(),
                name: None,
                email: None,
            });
        };
        let claims: UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim> = request
            .request_async(&self.transport)
            .await
            .map_err(|error| match error {
                UserInfoError::Request(error) => error.during(doing),
                UserInfoError::Parse(_) => faulty(doing, "it is no profile".to_owned()),
                other => faulty(doing, other.to_string()),
            })?;
        let name = claims
            .name()
            .and_then(|names| names.get(None))
            .map(|name| name.to_string());
        let preferred = claims.preferred_username().map(|name| name.to_string());
        Ok(Profile {
            subject: subject.to_string(),
            name: name.or(preferred),
            email: claims.email().map(|email| email.to_string()),
        })
    }

    /// Ends a refresh token at the provider (RFC 7009). `false`: the provider has no such service.
    ///
    /// The form is posted here because `openidconnect` refuses endpoints on http, loopback too.
    pub(crate) async fn revoke(&self, token: &Secret) -> Result<bool, AccountError> {
        let doing = "revoking the session";
        let Some(endpoint) = &self.further.revocation_endpoint else {
            return Ok(false);
        };
        let form = Serializer::new(String::new())
            .append_pair("token", token.reveal())
            .append_pair("token_type_hint", "refresh_token")
            .append_pair("client_id", self.client.client_id())
            .finish();
        let mut request = HttpRequest::new(form.into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = endpoint
            .as_str()
            .parse()
            .map_err(|_| faulty(doing, format!("its revocation endpoint is {endpoint}")))?;
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form_type);
        let answer = self
            .transport
            .send(request)
            .await
            .map_err(|error| error.during(doing))?;
        match answer.status() {
            StatusCode::OK => Ok(true),
            status => Err(faulty(doing, format!("status {status}"))),
        }
    }
}

impl From<CoreTokenResponse> for Tokens {
    fn from(answer: CoreTokenResponse) -> Self {
        Self {
            access: Secret::new(answer.access_token().secret()),
            lifetime: answer.expires_in().unwrap_or(UNKNOWN_LIFETIME),
            refresh: answer.refresh_token().map(|token| Secret::new(token.secret())),
            id_token: answer.id_token().cloned(),
        }
    }
}

/// For id tokens that answer no request of a browser.
pub(crate) fn any_nonce(_: Option<&Nonce>) -> Result<(), String> {
    Ok(())
}

/// An instant as the libraries for tokens want it; one beyond their calendar counts as the last of it.
pub(crate) fn date(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_millis(at.millis()).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}

const DISCOVERING: &str = "looking up the sign-in service";

async fn metadata(issuer: &Url, transport: &Transport) -> Result<Metadata, AccountError> {
    let text = issuer_text(issuer);
    match discover(text.to_owned(), transport).await {
        // Some providers write their bare host with a slash at the end, and a `Url` cannot tell.
        Err(DiscoveryError::Validation(_)) if issuer.path() == "/" => {
            discover(format!("{text}/"), transport).await
        }
        other => other,
    }
    .map_err(|error| match error {
        DiscoveryError::Request(error) => error.during(DISCOVERING),
        DiscoveryError::Parse(error) => faulty(DISCOVERING, error.to_string()),
        other => faulty(DISCOVERING, other.to_string()),
    })
}

async fn discover(issuer: String, transport: &Transport) -> Result<Metadata, DiscoveryError<TransportError>> {
    let issuer = IssuerUrl::new(issuer).map_err(DiscoveryError::UrlParse)?;
    Metadata::discover_async(issuer, transport).await
}

fn client(metadata: Metadata, client_id: &str, token_endpoint: TokenUrl) -> Client {
    CoreClient::from_provider_metadata(metadata, ClientId::new(client_id.to_owned()), None)
        .set_token_uri(token_endpoint)
}

/// Any error of the token endpoint, without what it answered.
pub(crate) fn token_error<T>(
    doing: &'static str,
    error: RequestTokenError<TransportError, StandardErrorResponse<T>>,
) -> AccountError
where
    T: openidconnect::ErrorResponseType + std::fmt::Display + 'static,
    StandardErrorResponse<T>: ErrorResponse,
{
    match error {
        RequestTokenError::Request(error) => error.during(doing),
        RequestTokenError::ServerResponse(answer) => AccountError::Refused {
            doing,
            code: answer.error().to_string(),
            description: answer.error_description().cloned(),
        },
        RequestTokenError::Parse(error, _) => faulty(
            doing,
            format!("it is no answer of a token endpoint at `{}`", error.path()),
        ),
        RequestTokenError::Other(reason) => faulty(doing, reason),
    }
}

pub(crate) const fn faulty(doing: &'static str, reason: String) -> AccountError {
    AccountError::ProviderFaulty { doing, reason }
}
