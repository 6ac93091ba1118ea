//! What real definitions cost: those of the repository's cases, or of a folder. Each counts the same, however
//! large it is.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sfniam::generator::generate;
use sfniam::permissions::Mode;

use super::cases::{files, request, tests_folder};
use super::identity::Identity;
use super::plugin::tfplugin6::{
    configure_provider, get_provider_schema, read_data_source, validate_data_resource_config,
};
use super::plugin::{Argument, Plugin, config, environment, shut_down};
use super::process::threads;
use super::steps::{self, step};

/// How often each definition is read. The least counts.
const ROUNDS: usize = 7;

/// Endings of files that are definitions.
const ENDINGS: [&str; 2] = [".asl.json", ".states.json"];

/// The tables of the definitions in a folder, or of the cases that have an answer: each step in this process,
/// and the calls of the plugin in each of these executables.
pub(crate) fn tables(folder: Option<&Path>, executables: &[(&str, &Path)]) {
    let definitions = definitions(folder);
    let sizes = quartiles(definitions.iter().map(|text| text.len()).collect());
    println!(
        "\n{} real definitions of {} bytes; in what follows 25 %, 50 %, 75 % and the most of them\n",
        definitions.len(),
        sizes.map(|size| size.to_string()).join(" / ")
    );
    println!("as multiples of serde_json reading the same bytes, in this process:");
    for mode in Mode::ALL {
        for name in
            steps::STEPS.into_iter().filter(|name| ["answer", "validate", "data source"].contains(name))
        {
            let multiples = definitions.iter().map(|text| {
                let [plain, own] = ["serde_json", name].map(|name| least(step(name, text, mode)).as_nanos());
                // In hundredths, which can be put in order.
                own * 100 / plain.max(1)
            });
            let shown = quartiles(multiples.collect())
                .map(|hundredths| format!("{}.{:02}", hundredths / 100, hundredths % 100));
            println!("{:<28} {}", format!("{name}, {}", mode.name()), shown.join(" / "));
        }
    }
    println!(
        "\nmicroseconds on a processor of the plugin that answers, the least of {ROUNDS} calls of each, in a \
         configured process:"
    );
    let mut called: Vec<Option<[Vec<u64>; 3]>> = Vec::new();
    for (_, executable) in executables {
        called.push(calls(executable, &definitions));
    }
    for ((title, _), called) in executables.iter().zip(called) {
        let Some(called) = called else {
            println!("{title:<56} the system does not report what a process takes");
            continue;
        };
        let [validate, read, both] = called
            .map(|times| quartiles(times).map(|nanoseconds| (nanoseconds / 1_000).to_string()).join(" / "));
        println!("{title:<56} validate {validate}; read {read}; both {both}");
    }
}

/// The texts that have an answer.
fn definitions(folder: Option<&Path>) -> Vec<String> {
    let cases = ["machines", "integrations", "sdk"].map(|name| tests_folder().join(name));
    let folders = folder.map_or(cases.to_vec(), |folder| vec![folder.to_owned()]);
    let names = folders.iter().flat_map(|folder| ENDINGS.map(|ending| files(folder, ending)));
    let texts = names.flatten().map(|name: PathBuf| fs::read_to_string(name).unwrap());
    let definitions: Vec<String> = texts
        .filter(|text| Mode::ALL.into_iter().all(|mode| generate(&request(text, mode)).is_ok()))
        .collect();
    assert!(!definitions.is_empty(), "no definition has an answer");
    definitions
}

/// Elapsed, because what a thread is on a processor is reported too coarsely.
fn least(mut run: Box<dyn FnMut()>) -> Duration {
    let time = |_| {
        let start = Instant::now();
        black_box(&mut run)();
        start.elapsed()
    };
    (0..ROUNDS).map(time).min().unwrap()
}

/// For each definition the nanoseconds of its validation, of its read, and of both, in one process, which is
/// asked as hosts ask in a plan: configured first, and each read follows the validation of its arguments.
/// `None` where the system does not report them.
fn calls(executable: &Path, definitions: &[String]) -> Option<[Vec<u64>; 3]> {
    let host = Identity::new(1);
    let mut command = std::process::Command::new(executable);
    environment(&mut command);
    let plugin = Plugin::run(command.env("PLUGIN_CLIENT_CERT", host.pem()));
    let process = plugin.child.id();
    let own = || Some(threads(process)?.into_iter().map(|(_, time)| time).sum::<Duration>());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let channel = plugin.channel(&host).await;
        let mut provider = super::plugin::tfplugin6::provider_client::ProviderClient::new(channel.clone())
            .max_decoding_message_size(usize::MAX);
        let schema =
            provider.get_provider_schema(get_provider_schema::Request {}).await.unwrap().into_inner();
        let of_provider = schema.provider.unwrap().block.unwrap();
        let request = configure_provider::Request {
            config: Some(config(&of_provider, &[])),
            ..configure_provider::Request::default()
        };
        assert!(provider.configure_provider(request).await.unwrap().into_inner().diagnostics.is_empty());
        let block = schema.data_source_schemas["sfniam_policy"].block.clone().unwrap();
        let mut times = [(); 3].map(|()| vec![u64::MAX; definitions.len()]);
        for _ in 0..ROUNDS {
            for (at, definition) in definitions.iter().enumerate() {
                let given = [
                    ("definition", definition.as_str()),
                    ("region", "eu-west-1"),
                    ("account_id", "111122223333"),
                    ("state_machine_name", "Machine"),
                ];
                let given = given.map(|(name, value)| (name, Argument::Text(value)));
                let config = Some(config(&block, &given));
                let type_name = "sfniam_policy".to_owned();
                let before = own()?;
                let request = validate_data_resource_config::Request {
                    type_name: type_name.clone(),
                    config: config.clone(),
                };
                provider.validate_data_resource_config(request).await.unwrap();
                let between = own()?;
                let request = read_data_source::Request { type_name, config };
                provider.read_data_source(request).await.unwrap();
                let after = own()?;
                let taken = [between - before, after - between, after - before];
                for (times, time) in times.iter_mut().zip(taken) {
                    times[at] = times[at].min(time.as_nanos().try_into().unwrap());
                }
            }
        }
        shut_down(channel).await;
        Some(times)
    })
}

/// A quarter is at most the first of these, a half the second, three quarters the third.
fn quartiles<T: Ord + Copy>(mut values: Vec<T>) -> [T; 4] {
    values.sort();
    [1, 2, 3, 4].map(|quarter| values[(values.len() * quarter / 4).clamp(1, values.len()) - 1])
}
