use super::*;

const ONLINE: Service = Service {
    online: true,
    oauth: true,
};
const ON_PREMISES: Service = Service {
    online: false,
    oauth: false,
};

fn status(status: u16) -> Response {
    Response {
        status,
        ..Response::default()
    }
}

fn message(code: &str, values: &str) -> Message {
    let text = format!(
        "<a:M xmlns:a='a' ResponseClass='Error'><a:MessageText>No.</a:MessageText>\
         <a:ResponseCode>{code}</a:ResponseCode><a:MessageXml>{values}</a:MessageXml></a:M>"
    );
    quick_xml::de::from_str(&text).unwrap()
}

fn of_code(code: &str, service: Service) -> Fault {
    of_message(&message(code, ""), &status(200), service)
}

#[test]
fn throttling_shows_in_three_faces() {
    let mut face = status(503);
    face.headers.push(("Retry-After".into(), "17".into()));
    let soap = Response {
        status: 500,
        body: br#"<Envelope><Body><Fault><faultcode>a:ErrorServerBusy</faultcode><faultstring/>
            <detail><ResponseCode>ErrorServerBusy</ResponseCode><Message>Busy</Message>
            <MessageXml><Value Name="BackOffMilliseconds">16500</Value></MessageXml></detail>
            </Fault></Body></Envelope>"#
            .to_vec(),
        ..Response::default()
    };
    let hidden = message(
        "ErrorInternalServerError",
        "<V:Value Name='InnerErrorResponseCode'>ErrorServerBusy</V:Value>\
         <V:Value Name='BackOffMilliseconds'>17000</V:Value>",
    );
    for fault in [
        of_response(&face, ONLINE),
        of_response(&soap, ONLINE),
        of_message(&hidden, &status(200), ONLINE),
    ] {
        let Fault::Throttled(throttling) = fault else {
            panic!("{fault:?}")
        };
        assert_eq!(throttling.retry_after, Some(17));
    }
}

#[test]
fn a_403_is_a_blocked_tenant_in_exchange_online_only() {
    assert!(matches!(
        of_response(&status(403), ONLINE),
        Fault::EwsBlocked(_)
    ));
    assert!(matches!(
        of_response(&status(403), ON_PREMISES),
        Fault::Forbidden(_)
    ));
}

#[test]
fn a_page_for_people_is_no_answer() {
    let page = Response {
        status: 200,
        headers: vec![("Content-Type".into(), "text/html".into())],
        body: b"<html>Sign on</html>".to_vec(),
    };
    assert!(matches!(
        of_response(&page, ON_PREMISES),
        Fault::SignOnPage(_)
    ));
    assert!(matches!(
        of_response(&status(302), ON_PREMISES),
        Fault::SignOnPage(_)
    ));
}

#[test]
fn a_wrong_directory_and_a_refused_password_are_told_apart() {
    let Fault::NotFound(found) = of_response(&status(404), ON_PREMISES) else {
        panic!()
    };
    assert_eq!(found.thing, MissingThing::Service);
    assert!(matches!(
        of_response(&status(401), ON_PREMISES),
        Fault::Unauthorised(_)
    ));
}

#[test]
fn the_sign_in_services_code_is_kept() {
    let refused = Response {
        status: 401,
        headers: vec![("tandem-credentials".into(), "TandemTokenRefused".into())],
        body: br#"{"error":{"code":"AADSTS7000222","message":"expired"}}"#.to_vec(),
    };
    let Fault::Unauthorised(answer) = of_response(&refused, ONLINE) else {
        panic!()
    };
    assert_eq!(answer.code, "AADSTS7000222");
}

#[test]
fn the_missing_right_to_act_for_others_is_named() {
    for (service, right) in [
        (ONLINE, "full_access_as_app"),
        (ON_PREMISES, "ApplicationImpersonation"),
    ] {
        let Fault::Forbidden(missing) = of_code("ErrorImpersonateUserDenied", service) else {
            panic!()
        };
        assert_eq!(missing.permission, right);
    }
}

#[test]
fn codes_keep_their_meaning() {
    let is = |code: &str, meant: fn(&Fault) -> bool| {
        let fault = of_code(code, ONLINE);
        assert!(meant(&fault), "{code}: {fault:?}");
    };
    is("ErrorItemNotFound", is_no_item);
    is("ErrorIrresolvableConflict", |it| {
        matches!(it, Fault::Conflict(_))
    });
    is("ErrorInvalidSyncStateData", |it| {
        matches!(it, Fault::CursorGone(_))
    });
    is("ErrorQuotaExceeded", |it| matches!(it, Fault::Quota(_)));
    is("ErrorTimeoutExpired", |it| {
        matches!(it, Fault::Unreachable(_))
    });
    is("ErrorInternalServerError", |it| {
        matches!(it, Fault::Other(_))
    });
    is("ErrorOccurrenceCrossingBoundary", |it| {
        matches!(it, Fault::Refused(_))
    });
    is("ErrorSomethingNew", |it| matches!(it, Fault::Refused(_)));
    is(
        "ErrorNonExistentMailbox",
        |it| matches!(it, Fault::NotFound(found) if found.thing == MissingThing::Mailbox),
    );
}

#[test]
fn every_code_has_one_place_and_is_known_to_the_schema() {
    let mut seen = std::collections::BTreeSet::new();
    let schema = crate::examples::schema("messages.xsd");
    for code in MEANINGS.iter().flat_map(|(_, codes)| codes.iter()) {
        assert!(seen.insert(code), "{code} stands twice");
        if let Some(schema) = &schema {
            assert!(schema.contains(&format!("\"{code}\"")), "{code}");
        }
    }
}
