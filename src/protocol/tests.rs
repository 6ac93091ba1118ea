//! The calls, with a provider of our own: what reaches it, what does not, and what comes back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use tonic::Request;

use super::diagnostic::{Diagnostic, FunctionError};
use super::proto::provider_server::Provider as _;
use super::proto::{self, DynamicValue};
use super::schema::{Attribute, Block, DataSource, Function, NestedBlock, Parameter, Schema};
use super::value::{Type, Value};
use super::{Calls, Provider, Service};
use crate::work::Cancel;

/// Its data source does what its argument says.
struct Sample {
    configured: Mutex<Value>,
    /// Says that a read has begun.
    begun: Mutex<Sender<()>>,
    /// Lets a read that waits go on.
    go_on: Mutex<Receiver<()>>,
    finished: Arc<AtomicBool>,
}

impl Provider for Sample {
    fn schema(&self) -> Schema {
        let hint = Block::new("", [Attribute::optional("resources", Type::list(Type::String), "")]);
        let thing = Block::new(
            "",
            [Attribute::required("order", Type::String, ""), Attribute::computed("result", Type::Number, "")],
        )
        .with_block(NestedBlock::any("hint", hint));
        let join = Function {
            name: "join".into(),
            summary: String::new(),
            description: String::new(),
            parameters: vec![Parameter::new("separator", Type::String, "")],
            variadic: Some(Parameter { allow_null: true, ..Parameter::new("parts", Type::String, "") }),
            result: Type::String,
            deprecated: None,
        };
        Schema {
            provider: Block::new("", [Attribute::optional("region", Type::String, "")]),
            data_sources: vec![DataSource { name: "x_thing".into(), block: thing }],
            functions: vec![join],
        }
    }

    fn validate_config(&self, config: &Value) -> Vec<Diagnostic> {
        match config.get("region") {
            Value::String(region) if region.is_empty() => vec![Diagnostic::error("Empty", "").at("region")],
            _ => Vec::new(),
        }
    }

    fn configure(&self, config: &Value) -> Vec<Diagnostic> {
        *self.configured.lock().unwrap() = config.clone();
        Vec::new()
    }

    fn validate_data_source(&self, _: &str, config: &Value, _: &Cancel) -> Vec<Diagnostic> {
        if config.get("order").is_unknown() { Vec::new() } else { vec![Diagnostic::warning("Known", "")] }
    }

    fn read_data_source(&self, _: &str, config: &Value, cancel: &Cancel) -> (Option<Value>, Vec<Diagnostic>) {
        let state = |result: Value| {
            let hints = config.get("hint").clone();
            Some(Value::object([("order", config.get("order").clone()), ("result", result), ("hint", hints)]))
        };
        match config.get("order").as_str().unwrap() {
            "panic" => panic!("as ordered"),
            "wait" => {
                self.begun.lock().unwrap().send(()).unwrap();
                self.go_on.lock().unwrap().recv().unwrap();
                self.finished.store(true, Ordering::SeqCst);
                (state(1.into()), Vec::new())
            }
            "until cancelled" => {
                self.begun.lock().unwrap().send(()).unwrap();
                while !cancel.is_cancelled() {
                    std::thread::yield_now();
                }
                self.begun.lock().unwrap().send(()).unwrap();
                (state(1.into()), Vec::new())
            }
            "fail" => (state(1.into()), vec![Diagnostic::error("Failed", "").at("order")]),
            "nothing" => (None, Vec::new()),
            "unknown" => (state(Value::Unknown), Vec::new()),
            "misfit" => (state("one".into()), Vec::new()),
            _ => (state(1.into()), vec![Diagnostic::warning("Warned", "")]),
        }
    }

    fn call_function(&self, _: &str, arguments: &[Value], _: &Cancel) -> Result<Value, FunctionError> {
        let (separator, parts) = arguments.split_first().unwrap();
        let parts: Vec<_> = parts.iter().filter_map(Value::as_str).collect();
        Ok(parts.join(separator.as_str().unwrap()).into())
    }
}

struct Fixture {
    service: Service<Sample>,
    begun: Receiver<()>,
    go_on: Sender<()>,
    finished: Arc<AtomicBool>,
}

fn fixture() -> Fixture {
    let (begin, begun) = channel();
    let (go_on, wait) = channel();
    let finished = Arc::new(AtomicBool::new(false));
    let provider = Sample {
        configured: Mutex::new(Value::Null),
        begun: Mutex::new(begin),
        go_on: Mutex::new(wait),
        finished: Arc::clone(&finished),
    };
    Fixture { service: Service { calls: Calls::new(provider) }, begun, go_on, finished }
}

fn msgpack(bytes: &[u8]) -> DynamicValue {
    DynamicValue { msgpack: bytes.to_vec(), json: Vec::new() }
}

/// The configuration of the data source with that order, as a host sends it.
fn config(order: &str) -> DynamicValue {
    let mut bytes = b"\x83\xa4hint\x91\x81\xa9resources\xc0\xa5order".to_vec();
    bytes.push(0xa0 + u8::try_from(order.len()).unwrap());
    bytes.extend_from_slice(order.as_bytes());
    bytes.extend_from_slice(b"\xa6result\xc0");
    msgpack(&bytes)
}

async fn read(
    service: &Service<Sample>,
    name: &str,
    config: Option<DynamicValue>,
) -> (Option<Vec<u8>>, Vec<String>) {
    let request = proto::read_data_source::Request { type_name: name.to_owned(), config };
    let response = service.read_data_source(Request::new(request)).await.unwrap().into_inner();
    (
        response.state.map(|state| state.msgpack),
        response.diagnostics.into_iter().map(|it| it.summary).collect(),
    )
}

/// The text of an error, and the argument that it is about; -1 for none.
type Refusal = (String, i64);

async fn call(
    service: &Service<Sample>,
    name: &str,
    arguments: Vec<DynamicValue>,
) -> Result<Vec<u8>, Refusal> {
    let request = proto::call_function::Request { name: name.to_owned(), arguments };
    let response = service.call_function(Request::new(request)).await.unwrap().into_inner();
    match (response.result, response.error) {
        (Some(result), None) => Ok(result.msgpack),
        (None, Some(error)) => Err((error.text, error.function_argument.unwrap_or(-1))),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_read_answers_with_all_attributes_in_order() {
    let fixture = fixture();
    let (state, summaries) = read(&fixture.service, "x_thing", Some(config("go"))).await;
    assert_eq!(state.unwrap(), b"\x83\xa4hint\x91\x81\xa9resources\xc0\xa5order\xa2go\xa6result\x01");
    assert_eq!(summaries, ["Warned"]);
}

#[tokio::test]
async fn json_is_read_too() {
    let json = br#"{"order": "go", "hint": [], "result": null}"#.to_vec();
    let (state, _) =
        read(&fixture().service, "x_thing", Some(DynamicValue { msgpack: Vec::new(), json })).await;
    assert_eq!(state.unwrap(), b"\x83\xa4hint\x90\xa5order\xa2go\xa6result\x01");
}

#[tokio::test]
async fn a_wrong_request_is_an_error_and_does_not_reach_the_provider() {
    let fixture = fixture();
    let unknown = msgpack(b"\x83\xa4hint\x90\xa5order\xd4\x00\x00\xa6result\xc0");
    let rows = [
        ("x_other", Some(config("go")), "Unknown data source"),
        ("x_thing", None, "Malformed configuration"),
        ("x_thing", Some(DynamicValue::default()), "Malformed configuration"),
        ("x_thing", Some(msgpack(b"\xc0")), "Malformed configuration"),
        ("x_thing", Some(msgpack(b"\xd4\x00\x00")), "Malformed configuration"),
        ("x_thing", Some(msgpack(b"\x80")), "Malformed configuration"),
        ("x_thing", Some(msgpack(b"\xdf\xff\xff\xff\xff")), "Malformed configuration"),
        ("x_thing", Some(unknown), "Read of unknown values"),
    ];
    for (name, config, summary) in rows {
        assert_eq!(read(&fixture.service, name, config).await, (None, vec![summary.to_owned()]));
    }
}

#[tokio::test]
async fn a_wrong_answer_is_an_error_and_does_not_reach_the_host() {
    let fixture = fixture();
    for order in ["nothing", "unknown", "misfit"] {
        let answer = read(&fixture.service, "x_thing", Some(config(order))).await;
        assert_eq!(answer, (None, vec!["Wrong result".to_owned()]), "{order}");
    }
}

#[tokio::test]
async fn with_an_error_there_is_no_state() {
    let answer = read(&fixture().service, "x_thing", Some(config("fail"))).await;
    assert_eq!(answer, (None, vec!["Failed".to_owned()]));
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_next_call_works() {
    let fixture = fixture();
    let answer = read(&fixture.service, "x_thing", Some(config("panic"))).await;
    assert_eq!(answer, (None, vec!["The provider crashed".to_owned()]));
    assert!(read(&fixture.service, "x_thing", Some(config("go"))).await.0.is_some());
}

#[tokio::test]
async fn an_interrupt_ends_calls_in_progress_but_not_later_ones() {
    let fixture = fixture();
    let interrupt = async {
        // The read runs on a thread of its own, so this one may wait for it.
        tokio::task::yield_now().await;
        fixture.begun.recv().unwrap();
        let request = Request::new(proto::stop_provider::Request {});
        let answer = fixture.service.stop_provider(request).await.unwrap().into_inner();
        assert_eq!(answer.error, "");
    };
    let (answer, ()) = tokio::join!(read(&fixture.service, "x_thing", Some(config("wait"))), interrupt);
    assert_eq!(answer, (None, vec!["Interrupted".to_owned()]));
    assert!(!fixture.finished.load(Ordering::SeqCst));
    fixture.go_on.send(()).unwrap();
    assert!(read(&fixture.service, "x_thing", Some(config("go"))).await.0.is_some());
}

#[tokio::test]
async fn a_call_that_the_host_gives_up_is_cancelled() {
    let fixture = fixture();
    let given_up = async {
        tokio::task::yield_now().await;
        fixture.begun.recv().unwrap();
    };
    // A call that is cancelled or whose deadline passes is dropped.
    tokio::select! {
        biased;
        answer = read(&fixture.service, "x_thing", Some(config("until cancelled"))) => panic!("{answer:?}"),
        () = given_up => {}
    }
    fixture.begun.recv().unwrap();
}

#[tokio::test]
async fn an_interrupt_cancels_the_work_too() {
    let fixture = fixture();
    let interrupt = async {
        tokio::task::yield_now().await;
        fixture.begun.recv().unwrap();
        fixture.service.calls.interrupt();
    };
    let order = config("until cancelled");
    let (answer, ()) = tokio::join!(read(&fixture.service, "x_thing", Some(order)), interrupt);
    assert_eq!(answer, (None, vec!["Interrupted".to_owned()]));
    fixture.begun.recv().unwrap();
}

#[tokio::test]
async fn what_is_asked_about_the_provider_waits_for_no_read() {
    let fixture = fixture();
    let reads = async {
        // Far more than there are threads.
        let mut reads: Vec<_> = (0..100)
            .map(|_| Box::pin(read(&fixture.service, "x_thing", Some(config("until cancelled")))))
            .collect();
        std::future::poll_fn(|context| {
            for read in &mut reads {
                assert!(read.as_mut().poll(context).is_pending());
            }
            Poll::<()>::Pending
        })
        .await;
    };
    let ask = async {
        tokio::task::yield_now().await;
        fixture.begun.recv().unwrap();
        let metadata = proto::get_metadata::Request {};
        assert!(fixture.service.get_metadata(Request::new(metadata)).await.is_ok());
        let schema = proto::get_provider_schema::Request {};
        assert!(fixture.service.get_provider_schema(Request::new(schema)).await.is_ok());
        let config = Some(msgpack(b"\x81\xa6region\xa1a"));
        let request = proto::configure_provider::Request { config, ..Default::default() };
        let answer = fixture.service.configure_provider(Request::new(request)).await.unwrap();
        assert_eq!(answer.get_ref().diagnostics, []);
    };
    tokio::select! {
        biased;
        () = reads => panic!("the reads wait for ever"),
        () = ask => {}
    }
}

#[tokio::test]
async fn calls_about_what_the_provider_does_not_have_are_answered_in_words() {
    let service = fixture().service;
    let import = async |name: &str| {
        let request = proto::import_resource_state::Request { type_name: name.to_owned() };
        let answer = service.import_resource_state(Request::new(request)).await.unwrap().into_inner();
        let [diagnostic] = answer.diagnostics.as_slice() else { panic!("{:?}", answer.diagnostics) };
        (diagnostic.summary.clone(), diagnostic.detail.clone())
    };
    let (summary, detail) = import("x_thing").await;
    assert_eq!(summary, "Unknown resource");
    assert!(
        detail.starts_with("This provider has no resource \"x_thing\". \"x_thing\" is a data source"),
        "{detail}"
    );
    let (_, detail) = import("x_other").await;
    assert!(
        detail.contains("no resource \"x_other\"") && detail.ends_with("\"x_thing\". [unknown-name]"),
        "{detail}"
    );
}

#[tokio::test]
async fn a_validation_of_what_is_known_answers_the_read_after_it() {
    let fixture = fixture();
    let reads = || fixture.begun.try_iter().count();
    let validate = async |order: &str| {
        fixture.go_on.send(()).unwrap();
        let request = proto::validate_data_resource_config::Request {
            type_name: "x_thing".to_owned(),
            config: Some(config(order)),
        };
        let answer = fixture.service.validate_data_resource_config(Request::new(request)).await;
        answer.unwrap().into_inner().diagnostics.len()
    };
    let configure = async |block: &[u8]| {
        let config = Some(msgpack(block));
        let request = proto::configure_provider::Request { config, ..Default::default() };
        let answer = fixture.service.configure_provider(Request::new(request)).await;
        answer.unwrap().into_inner().diagnostics.len()
    };
    let read = async || {
        fixture.go_on.send(()).unwrap();
        read(&fixture.service, "x_thing", Some(config("wait"))).await
    };
    let plain = read().await;
    assert!(plain.0.is_some());
    assert_eq!((reads(), validate("wait").await, reads()), (1, 1, 0), "not configured yet");
    assert_eq!((configure(b"\xc1").await, validate("wait").await, reads()), (1, 1, 0), "nor by an error");

    assert_eq!((configure(b"\x81\xa6region\xc0").await, validate("wait").await, reads()), (0, 0, 1));
    assert_eq!((read().await, reads()), (plain.clone(), 0));
    assert_eq!((read().await, reads()), (plain.clone(), 1), "taken once");

    assert_eq!((validate("wait").await, reads()), (0, 1));
    assert_eq!(configure(b"\xc1").await, 1, "changes nothing");
    assert_eq!((read().await, reads()), (plain.clone(), 0));

    assert_eq!((validate("wait").await, configure(b"\x81\xa6region\xa1a").await, reads()), (0, 0, 1));
    assert_eq!((read().await, reads()), (plain, 1), "of another configuration");

    for order in ["fail", "nothing", "misfit", "unknown"] {
        assert_eq!(validate(order).await, 1, "{order}");
    }
}

#[tokio::test]
async fn validation_takes_unknown_values() {
    let fixture = fixture();
    let validate = async |config: &[u8]| {
        let request = proto::validate_data_resource_config::Request {
            type_name: "x_thing".to_owned(),
            config: Some(msgpack(config)),
        };
        fixture
            .service
            .validate_data_resource_config(Request::new(request))
            .await
            .unwrap()
            .into_inner()
            .diagnostics
            .len()
    };
    assert_eq!(validate(b"\x83\xa4hint\xd4\x00\x00\xa5order\xc7\x03\x0c\x81\x01\xc2\xa6result\xc0").await, 0);
    assert_eq!(validate(b"\x83\xa4hint\x90\xa5order\xa1x\xa6result\xc0").await, 1);
}

#[tokio::test]
async fn the_provider_block() {
    let service = fixture().service;
    let empty = Some(msgpack(b"\x81\xa6region\xa0"));
    let request = Request::new(proto::validate_provider_config::Request { config: empty });
    let diagnostics = service.validate_provider_config(request).await.unwrap().into_inner().diagnostics;
    assert_eq!(diagnostics[0].attribute.as_ref().unwrap().steps.len(), 1);

    for config in [&b"\x81\xa6region\xa1a"[..], b"\x81\xa6region\xd4\x00\x00"] {
        let request =
            proto::configure_provider::Request { config: Some(msgpack(config)), ..Default::default() };
        let answer = service.configure_provider(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(answer.diagnostics, []);
    }
    let request = Request::new(proto::configure_provider::Request::default());
    let answer = service.configure_provider(request).await.unwrap().into_inner();
    assert_eq!(answer.diagnostics[0].summary, "Malformed configuration");
}

#[tokio::test]
async fn functions() {
    let service = fixture().service;
    let text = |text: &[u8]| msgpack(&[&[0xa0 + u8::try_from(text.len()).unwrap()], text].concat());
    let (dash, a, b) = (text(b"-"), text(b"a"), text(b"b"));
    let (null, unknown) = (DynamicValue::default(), msgpack(b"\xd4\x00\x00"));
    let rows = [
        ("join", vec![dash.clone(), a.clone(), b], Ok(b"\xa3a-b".to_vec())),
        ("join", vec![dash.clone()], Ok(b"\xa0".to_vec())),
        ("join", vec![dash.clone(), null.clone(), a.clone()], Ok(b"\xa1a".to_vec())),
        ("join", vec![dash.clone(), unknown], Ok(b"\xd4\x00\x00".to_vec())),
        ("join", vec![], Err(("Wrong arguments of a function. There are too few arguments. [wrong-arguments]".to_owned(), -1))),
        ("join", vec![null], Err(("Wrong arguments of a function. The argument must not be null. [wrong-arguments]".to_owned(), 0))),
        ("join", vec![dash, a, msgpack(b"\x01")], Err(("Wrong arguments of a function. The argument cannot be read: string was expected, not a number. [wrong-arguments]".to_owned(), 2))),
        ("other", vec![], Err(("Unknown function. This provider has no function \"other\". [unknown-name]".to_owned(), -1))),
    ];
    for (name, arguments, expected) in rows {
        assert_eq!(call(&service, name, arguments).await, expected);
    }
}

#[tokio::test]
async fn schemas_and_what_else_is_asked_about_the_provider() {
    let service = fixture().service;
    let schema =
        service.get_provider_schema(Request::new(proto::get_provider_schema::Request {})).await.unwrap();
    let functions = service.get_functions(Request::new(proto::get_functions::Request {})).await.unwrap();
    assert_eq!(schema.get_ref().functions, functions.get_ref().functions);
    assert_eq!(schema.get_ref().data_source_schemas.len(), 1);
    let metadata = service.get_metadata(Request::new(proto::get_metadata::Request {})).await.unwrap();
    assert_eq!(metadata.get_ref().data_sources[0].type_name, "x_thing");
    let identities = proto::get_resource_identity_schemas::Request {};
    assert!(service.get_resource_identity_schemas(Request::new(identities)).await.is_ok());
}
