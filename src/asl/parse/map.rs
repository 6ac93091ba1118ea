//! Map states.

use super::super::problem::DefinitionProblem;
use super::super::template::{Member, Piece, Template};
use super::super::{
    Batcher, Distributed, ExecutionType, Items, Json, Map, Object, QueryLanguage, Tolerance, Transfer,
};
use super::fields::Fields;
use super::{Reader, task};
use crate::finding::Finding;
use crate::json::Place;

/// `ItemReader` and `ResultWriter`, with the member that configures each.
const READER: (&str, &str) = ("ItemReader", "ReaderConfig");
const WRITER: (&str, &str) = ("ResultWriter", "WriterConfig");

/// What each batch has beside its items, in the definition and in the input of a child execution.
pub(in crate::asl) const BATCH_INPUT: &str = "BatchInput";

const CONFIG: &str = "ProcessorConfig";

impl Reader<'_> {
    pub(super) fn map<'a>(
        &mut self,
        fields: &mut Fields<'_, 'a>,
        pointer: &str,
        around: QueryLanguage,
    ) -> Option<Map<'a>> {
        let (items, selector) = (items(fields), selector(fields));
        let batcher = batcher(fields);
        let concurrency = fields.scalar_or_path("MaxConcurrency", "MaxConcurrencyPath");
        let tolerance = Tolerance {
            count: fields.scalar_or_path("ToleratedFailureCount", "ToleratedFailureCountPath"),
            percentage: fields.scalar_or_path("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
        };
        fields.also(&["Label", READER.0, WRITER.0]);
        let (new, old) = (fields.get("ItemProcessor"), fields.get("Iterator"));
        fields.exclude_each_other("ItemProcessor", "Iterator");
        let Some((key, json)) =
            new.map(|json| ("ItemProcessor", json)).or(old.map(|json| ("Iterator", json)))
        else {
            fields.error_here(&DefinitionProblem::ProcessorMissing);
            return None;
        };
        let processor = self.nested(json, format!("{pointer}/{key}"), around)?;
        let distributed = distributed(fields, key, json.as_object()?);
        Some(Map { processor, items, selector, batcher, concurrency, tolerance, distributed })
    }
}

/// The configuration of a processor: its members; what they mean, [`distributed`] says.
pub(super) fn processor_config(fields: &mut Fields<'_, '_>) {
    if let Some(config) = fields.get(CONFIG).and_then(Json::as_object) {
        let place = Place::Member(fields.place, CONFIG);
        let mut config = Fields::new(config, &place, fields.language);
        config.also(&["ExecutionType", "Mode"]);
        fields.add(config.finish());
    }
}

/// Where the items come from.
fn items<'a>(fields: &mut Fields<'_, 'a>) -> Items<'a> {
    let path = fields.selection("ItemsPath");
    let template = fields.template_of(QueryLanguage::Jsonata, "Items");
    match (fields.object.get(READER.0), template) {
        (Some(_), _) => Items::Reader,
        (None, Some(template)) => Items::Template(template),
        (None, None) => Items::Path(path),
    }
}

/// What each iteration begins with; in JSONPath, `Parameters` is the older name.
fn selector<'a>(fields: &mut Fields<'_, 'a>) -> Option<Template<'a>> {
    let older = fields.arguments().filter(|_| fields.language == QueryLanguage::JsonPath);
    if older.is_some() {
        fields.exclude_each_other("ItemSelector", "Parameters");
    }
    fields.template("ItemSelector").or(older)
}

fn batcher<'a>(fields: &mut Fields<'_, 'a>) -> Option<Batcher<'a>> {
    const KEY: &str = "ItemBatcher";
    let Json::Object(object) = fields.get(KEY)? else {
        // It is present, and nothing is known of it.
        let _ = fields.template(KEY);
        return Some(Batcher { input: None, items: None, bytes: None });
    };
    let place = Place::Member(fields.place, KEY);
    let mut inner = Fields::new(object, &place, fields.language);
    let batcher = Batcher {
        input: inner.template(BATCH_INPUT),
        items: inner.scalar_or_path("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
        bytes: inner.scalar_or_path("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    };
    fields.add(inner.finish());
    Some(batcher)
}

/// The mode of the Map state, by the configuration of its processor.
fn distributed<'a>(
    fields: &mut Fields<'_, 'a>,
    key: &'static str,
    processor: &'a Object<'a>,
) -> Option<Distributed<'a>> {
    let processor_place = Place::Member(fields.place, key);
    let place = Place::Member(&processor_place, CONFIG);
    let config = processor.get(CONFIG).and_then(Json::as_object);
    match config.and_then(|config| config.get("Mode")).map(Json::as_str) {
        None | Some(Some("INLINE")) => {
            // Readers and writers belong to Distributed mode. Their permissions would be missing silently.
            for (key, _) in [READER, WRITER] {
                if fields.object.get(key).is_some() {
                    fields.error(key, &DefinitionProblem::InlineTransfer { key });
                }
            }
            None
        }
        Some(Some("DISTRIBUTED")) => {
            let execution_type = match config.and_then(|config| config.get("ExecutionType")).map(Json::as_str)
            {
                Some(Some("STANDARD")) => ExecutionType::Standard,
                Some(Some("EXPRESS")) => ExecutionType::Express,
                _ => {
                    let problem = DefinitionProblem::ExecutionTypeMissing;
                    fields.add([Finding::new(&problem, place.to_string())]);
                    ExecutionType::Standard
                }
            };
            let label = fields.text("Label");
            if fields.object.get("Label").is_some() && label.is_none_or(str::is_empty) {
                fields.error("Label", &DefinitionProblem::UnusableLabel);
            }
            let reader = transfer(fields, READER.0, READER.1);
            let writer = transfer(fields, WRITER.0, WRITER.1);
            Some(Distributed { execution_type, label, reader, writer })
        }
        Some(_) => {
            let place = Place::Member(&place, "Mode").to_string();
            fields.add([Finding::new(&DefinitionProblem::UnknownMode, place)]);
            None
        }
    }
}

/// A reader or a writer.
fn transfer<'a>(
    fields: &mut Fields<'_, 'a>,
    key: &'static str,
    config: &'static str,
) -> Option<Transfer<'a>> {
    let object = match fields.get(key)? {
        Json::Object(object) => object,
        other => {
            fields.error(key, &DefinitionProblem::TransferNotAnObject { key, found: other.kind() });
            return None;
        }
    };
    let place = Place::Member(fields.place, key);
    let mut inner = Fields::new(object, &place, fields.language);
    inner.also(&["Comment", READER.1, WRITER.1]);
    let arguments = inner.arguments();
    inner.check_spellings();
    let config = configuration(&mut inner, config);
    // A writer without a Resource only shapes the output of the state.
    let shapes_output = key == WRITER.0 && object.get("Resource").is_none();
    let resource = if shapes_output { None } else { task::resource(&mut inner) };
    fields.add(inner.finish());
    Some(Transfer { pointer: place.to_string(), resource: resource?, arguments, config })
}

/// `ReaderConfig` or `WriterConfig`.
fn configuration<'a>(fields: &mut Fields<'_, 'a>, key: &'static str) -> Option<Template<'a>> {
    let Json::Object(object) = fields.get(key)? else { return fields.template(key) };
    let keys: &[&'static str] = if key == READER.1 {
        &[
            "CSVDelimiter",
            "CSVHeaderLocation",
            "CSVHeaders",
            "InputType",
            "ItemsPointer",
            "ManifestType",
            "MaxItems",
            "Transformation",
        ]
    } else {
        &["OutputType", "Transformation"]
    };
    let place = Place::Member(fields.place, key);
    let mut inner = Fields::new(object, &place, fields.language);
    let members = keys.iter().filter_map(|key| {
        let Template { node } = inner.scalar(key)?;
        Some(Member { key, name: key, value: node })
    });
    let members = members.collect();
    if key == READER.1 {
        let _ = inner.path("MaxItemsPath");
        inner.exclude_each_other("MaxItems", "MaxItemsPath");
    }
    fields.add(inner.finish());
    Some(Template { node: Piece::Object(members) })
}
