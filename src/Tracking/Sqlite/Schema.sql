-- MLflow's tables at its schema revision acf3f17fdcc7; every MLflow from 2.8 on opens them and upgrades them by itself.
-- One column or constraint a line and keywords in upper case on purpose: the upgrade finds constraints by regular
-- expressions over this very text.
CREATE TABLE alembic_version (
	version_num varchar(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE experiments (
	experiment_id integer NOT NULL,
	name varchar(256) NOT NULL,
	artifact_location varchar(256),
	lifecycle_stage varchar(32),
	creation_time bigint,
	last_update_time bigint,
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id),
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active','deleted')),
	UNIQUE (name)
);
CREATE TABLE experiment_tags (
	"key" varchar(250) NOT NULL,
	value varchar(5000),
	experiment_id integer NOT NULL,
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id),
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE runs (
	run_uuid varchar(32) NOT NULL,
	name varchar(250),
	source_type varchar(20),
	source_name varchar(500),
	entry_point_name varchar(50),
	user_id varchar(256),
	status varchar(9),
	start_time bigint,
	end_time bigint,
	source_version varchar(50),
	lifecycle_stage varchar(20),
	artifact_uri varchar(200),
	experiment_id integer,
	deleted_time bigint,
	CONSTRAINT run_pk PRIMARY KEY (run_uuid),
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active','deleted')),
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK','JOB','LOCAL','UNKNOWN','PROJECT')),
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id),
	CHECK (status IN ('SCHEDULED','FAILED','FINISHED','RUNNING','KILLED'))
);
CREATE TABLE tags (
	"key" varchar(250) NOT NULL,
	value varchar(5000),
	run_uuid varchar(32) NOT NULL,
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid),
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
CREATE TABLE params (
	"key" varchar(250) NOT NULL,
	value varchar(8000) NOT NULL,
	run_uuid varchar(32) NOT NULL,
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid),
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
CREATE TABLE metrics (
	"key" varchar(250) NOT NULL,
	value float NOT NULL,
	timestamp bigint NOT NULL,
	run_uuid varchar(32) NOT NULL,
	step bigint DEFAULT '0' NOT NULL,
	is_nan boolean DEFAULT '0' NOT NULL,
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan),
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid),
	CHECK (is_nan IN (0,1))
);
CREATE TABLE latest_metrics (
	"key" varchar(250) NOT NULL,
	value float NOT NULL,
	timestamp bigint,
	step bigint NOT NULL,
	is_nan boolean NOT NULL,
	run_uuid varchar(32) NOT NULL,
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid),
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid),
	CHECK (is_nan IN (0,1))
);
CREATE TABLE datasets (
	dataset_uuid varchar(36) NOT NULL,
	experiment_id integer NOT NULL,
	name varchar(500) NOT NULL,
	digest varchar(36) NOT NULL,
	dataset_source_type varchar(36) NOT NULL,
	dataset_source text NOT NULL,
	dataset_schema text,
	dataset_profile text,
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest),
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE inputs (
	input_uuid varchar(36) NOT NULL,
	source_type varchar(36) NOT NULL,
	source_id varchar(36) NOT NULL,
	destination_type varchar(36) NOT NULL,
	destination_id varchar(36) NOT NULL,
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
CREATE TABLE input_tags (
	input_uuid varchar(36) NOT NULL,
	name varchar(255) NOT NULL,
	value varchar(500) NOT NULL,
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
CREATE TABLE registered_models (
	name varchar(256) NOT NULL,
	creation_time bigint,
	last_updated_time bigint,
	description varchar(5000),
	CONSTRAINT registered_model_pk PRIMARY KEY (name),
	UNIQUE (name)
);
CREATE TABLE registered_model_tags (
	"key" varchar(250) NOT NULL,
	value varchar(5000),
	name varchar(256) NOT NULL,
	CONSTRAINT registered_model_tag_pk PRIMARY KEY ("key", name),
	FOREIGN KEY(name) REFERENCES registered_models (name) ON UPDATE CASCADE
);
CREATE TABLE registered_model_aliases (
	alias varchar(256) NOT NULL,
	version integer NOT NULL,
	name varchar(256) NOT NULL,
	CONSTRAINT registered_model_alias_pk PRIMARY KEY (name, alias),
	CONSTRAINT registered_model_alias_name_fkey FOREIGN KEY(name) REFERENCES registered_models (name) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE model_versions (
	name varchar(256) NOT NULL,
	version integer NOT NULL,
	creation_time bigint,
	last_updated_time bigint,
	description varchar(5000),
	user_id varchar(256),
	current_stage varchar(20),
	source varchar(500),
	run_id varchar(32),
	status varchar(20),
	status_message varchar(500),
	run_link varchar(500),
	storage_location varchar(500),
	CONSTRAINT model_version_pk PRIMARY KEY (name, version),
	FOREIGN KEY(name) REFERENCES registered_models (name) ON UPDATE CASCADE
);
CREATE TABLE model_version_tags (
	"key" varchar(250) NOT NULL,
	value varchar(5000),
	name varchar(256) NOT NULL,
	version integer NOT NULL,
	CONSTRAINT model_version_tag_pk PRIMARY KEY ("key", name, version),
	FOREIGN KEY(name, version) REFERENCES model_versions (name, version) ON UPDATE CASCADE
);
create index index_metrics_run_uuid on metrics(run_uuid);
create index index_latest_metrics_run_uuid on latest_metrics(run_uuid);
create index index_tags_run_uuid on tags(run_uuid);
create index index_params_run_uuid on params(run_uuid);
create index index_datasets_dataset_uuid on datasets(dataset_uuid);
create index index_datasets_experiment_id_dataset_source_type on datasets(experiment_id,dataset_source_type);
create index index_inputs_input_uuid on inputs(input_uuid);
create index index_inputs_destination_type_destination_id_source_type on inputs(destination_type,destination_id,source_type);
insert into alembic_version values('acf3f17fdcc7');
