using System.Diagnostics;
using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>
/// Trains one network on one fold. The same job gives the same bits however often it is interrupted: data order and
/// augmentation are keyed by (seed, epoch, case), libtorch's generator is seeded anew for every step, and a checkpoint holds
/// all the rest.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainJob _job;
    private readonly BatchLoader _loader;
    private readonly Checkpoint _checkpoint;
    private readonly Learner _learner;
    private readonly Accumulation _updates;
    private readonly TrainingGuards _guards;
    private readonly EpochMetric _best;
    private readonly IReadOnlyList<string> _metrics;
    private readonly TrainingGoal _goal;
    private TrainState _state;

    private Trainer(TrainJob job)
    {
        MixedPrecision.Check(job.Plan.Precision, job.Device);
        _job = job;
        var checkpoints = Path.Combine(job.Folder, "checkpoints");
        (_checkpoint, _guards) = (new Checkpoint(checkpoints), new TrainingGuards(job, checkpoints));
        (_best, _metrics, _goal) = (EpochMetric.Of(job.Plan.Best), EpochMetric.Measured(job.Plan, job.Task), TrainingGoal.Of(job));
        CheckMetrics();
        set_num_threads(job.Plan.Threads);
        Determinism.UseDeterministicAlgorithms();
        Seed("initialise");
        var network = job.Build();
        _loader = new BatchLoader(job, network.Sizes);
        _updates = new Accumulation(job.Plan, _loader.SamplesPerEpoch);
        _learner = Learner.Of(network, job, new RunLength(job.Plan.Epochs, _updates.UpdatesPerEpoch));
        _state = _checkpoint.Restore(_learner) ?? new TrainState();
    }

    // What is validated, kept and predicted with.
    private Network Judged => _job.Plan.Ema is { ForInference: true } ? _learner.Average!.Network : _learner.Network;

    /// <summary>Trains to the end, from the newest checkpoint in the job's folder if there is one.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: the step under way was finished and a checkpoint written.</exception>
    /// <exception cref="ConfigurationException">A guard has stopped it; names the batch's cases. The newest checkpoint stays.</exception>
    public static TrainResult Fit(TrainJob job, CancellationToken cancellation)
    {
        if (TrainResult.Find(job.Folder) is { } done)               // killed after the last step
        {
            return done;
        }

        using var scope = NewDisposeScope();
        using var trainer = new Trainer(job);
        return trainer.Run(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loader.Dispose();
        _learner.Dispose();
    }

    private TrainResult Run(CancellationToken cancellation)
    {
        // A run that goes on in a new process is a new one in MLflow too, and is to show its whole course.
        foreach (var record in _state.History)
        {
            TellMetrics(record);
        }

        while (_state.Epoch < _job.Plan.Epochs && EarlyStopping.Verdict(_job.Plan, _state.History, _job.Classes) is null)
        {
            if (_guards.Alive(_state) is { } dead)
            {
                _job.Progress.Line(dead);
            }

            RunSteps(cancellation);
            Validate();
            _checkpoint.Save(_learner, _state);
            WriteHistory();
        }

        return Finish();
    }

    private void RunSteps(CancellationToken cancellation)
    {
        var (started, samples, job, often) = (Stopwatch.GetTimestamp(), 0, _job.At(_state.Epoch + 1), _job.Plan.Checkpoint.EveryNTrainSteps);
        if (_state.Step == 0 && !_job.IsAsBefore(_state.Epoch + 1))
        {
            _state = _state with { Trend = new LossTrend() };       // another loss, which compares with nothing before
        }

        foreach (var next in _loader.Epoch(_state.Epoch, _state.Step))
        {
            using var batch = next;
            if (cancellation.IsCancellationRequested)
            {
                _checkpoint.Save(_learner, _state);
                throw new OperationCanceledException(cancellation);
            }

            _guards.Targets(batch, _state);
            var loss = Step(job, batch);
            _state = _state with
            {
                Step = _state.Step + 1,
                LossSum = _state.LossSum + (loss * batch.Size),
                Samples = _state.Samples + batch.Size,
                Trend = _state.Trend.With(loss, _job.Plan.Guards),
                IsAccumulating = !_updates.Closes(_state.Step),
                LastCases = batch.Cases,
                LastStep = _state.Step + 1,
            };
            _guards.Converging(batch, _state);
            samples += batch.Size;
            ReportProgress();
            if (often > 0 && _state.Step % often == 0 && _state.Step < _loader.StepsPerEpoch)
            {
                _checkpoint.Save(_learner, _state);
            }
        }

        _job.Log.Metric("train/images_per_second", samples / Stopwatch.GetElapsedTime(started).TotalSeconds, _state.Epoch + 1);
    }

    private double Step(TrainJob job, Batch batch)
    {
        using var scope = NewDisposeScope();
        Seed("step", _state.Epoch, _state.Step);                    // dropout's chance depends on nothing before this step
        var (network, optimizer) = (_learner.Network, _learner.Optimizer);
        if (_updates.Opens(_state.Step))
        {
            AdvanceSchedule();
            optimizer.zero_grad();
        }

        var (images, targets) = _goal.Of(batch, job.Device);
        var outputs = MixedPrecision.Outputs(network, images, job.Plan.Precision);
        var loss = Objective.Of(job, network.Outputs, outputs, targets);
        var value = loss.item<float>();
        _guards.Finite(value, batch, _state, network, () => Objective.Broken(job, network.Outputs, outputs, targets));
        var share = _updates.Share(_state.Step, batch.Size);
        _learner.Scaler.scale(share == 1 ? loss : loss * share).backward();
        if (_updates.Closes(_state.Step))
        {
            Update();
        }

        return value;
    }

    private void Update()
    {
        var (network, optimizer, scaler, plan) = (_learner.Network, _learner.Optimizer, _learner.Scaler, _job.Plan);
        if (plan.GradientClipVal > 0)
        {
            scaler.unscale_(optimizer);
            GradientClipping.Clip(network, plan);
        }

        scaler.step(optimizer);
        scaler.update();
        _learner.Average?.Update();
    }

    private void Validate()
    {
        var (loss, metrics, unpredicted) = _goal.Judge(_loader, Judged, _metrics);
        var record = new EpochRecord(_state.Epoch + 1, CurrentRate(), _state.LossSum / Math.Max(_state.Samples, 1), loss, metrics) { Unpredicted = unpredicted };
        EpochRecord[] history = [.. _state.History, record];
        var best = _best.Best(history, _job.Classes);
        if (best == record.Epoch)
        {
            _checkpoint.KeepBest(Judged, _job.Plan.Ema is { ForInference: false } ? _learner.Average!.Network : null, best);
        }

        _state = new TrainState
        {
            Epoch = record.Epoch,
            BestEpoch = best,
            History = history,
            Trend = _state.Trend,
            LastCases = _state.LastCases,
            LastStep = _state.LastStep,
        };
        Tell(record);
        if (EarlyStopping.Verdict(_job.Plan, history, _job.Classes) is { } why)
        {
            _job.Progress.Line($"stops after epoch {record.Epoch}: {why}");
        }
    }

    private TrainResult Finish()
    {
        AtomicFile.Copy(_checkpoint.BestWeights(_state.BestEpoch), Path.Combine(_job.Folder, "model.safetensors"));
        if (File.Exists(_checkpoint.BestAverage(_state.BestEpoch)))
        {
            AtomicFile.Copy(_checkpoint.BestAverage(_state.BestEpoch), Path.Combine(_job.Folder, "ema.safetensors"));
        }

        WriteHistory();
        var result = new TrainResult(_state.BestEpoch, _state.History[_state.BestEpoch - 1].Headline, WeightsHash.Of(_learner.Network));
        result.Save(_job.Folder);
        _checkpoint.Remove();
        return result;
    }

    private void WriteHistory() => History.Write(Path.Combine(_job.Folder, History.FileName), _job.Classes, _state.History);

    private void CheckMetrics()
    {
        foreach (var (key, name) in new[] { ("train.best.metric", _job.Plan.Best.Metric), ("train.early_stopping.metric", _job.Plan.EarlyStopping?.Metric) })
        {
            if (name is not null && (EpochMetric.WhyNot(name, _job.Classes, _job.Task) ?? _goal.WhyNotMeasured(name)) is { } why)
            {
                throw new ConfigurationException($"{key} {why}");
            }
        }
    }

    private void TellMetrics(EpochRecord record)
    {
        _job.Log.Metric("train/loss", record.TrainLoss, record.Epoch);
        _job.Log.Metric("val/loss", record.ValidationLoss, record.Epoch);
        _job.Log.Metric("lr", record.LearningRate, record.Epoch);
        foreach (var (name, byClass) in record.Metrics)
        {
            Measured($"val/{name}", record.Mean(name));
            for (var k = 0; k < byClass.Count; k++)
            {
                Measured($"val/{name}/{_job.Classes[k]}", byClass[k]);
            }
        }

        void Measured(string key, double value)
        {
            if (!double.IsNaN(value))
            {
                _job.Log.Metric(key, value, record.Epoch);
            }
        }
    }

    private void Tell(EpochRecord record)
    {
        TellMetrics(record);
        var other = _best.Name == _metrics[0] || _best.Name is "loss" or "train_loss" ? "" : string.Create(CultureInfo.InvariantCulture, $"  {_best.Name} {_best.Of(record, _job.Classes):G4}");
        _job.Progress.Line(string.Create(CultureInfo.InvariantCulture,
            $"epoch {record.Epoch}/{_job.Plan.Epochs}  loss {record.TrainLoss:F4}  val loss {record.ValidationLoss:F4}  {_goal.Headline} {record.Headline:F4}{other}{(_state.BestEpoch == record.Epoch ? "  best" : "")}"));
    }

    private void ReportProgress()
    {
        var done = ((long)_state.Epoch * _loader.StepsPerEpoch) + _state.Step;
        var dice = _state.History.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {_goal.Headline} {_state.History[^1].Headline:F3}") : "";
        _job.Progress.Report(done, (long)_job.Plan.Epochs * _loader.StepsPerEpoch,
            string.Create(CultureInfo.InvariantCulture, $"epoch {_state.Epoch + 1}  loss {_state.LossSum / _state.Samples:F3}{dice}"));
    }

    private double CurrentRate() => _learner.Optimizer.ParamGroups.First().LearningRate;

    // Just before the first step that it is for, so that a checkpoint holds the rates of the steps that are done.
    private void AdvanceSchedule()
    {
        if (_state is { Step: 0, Epoch: > 0 })
        {
            _learner.Schedule.step(_job.Schedule.Watched(_state.History[^1]));
        }
        else if (_state.Step > 0 && _job.Schedule.Rhythm == ScheduleInterval.Step)
        {
            _learner.Schedule.step();
        }
    }

    private void Seed(params ReadOnlySpan<object> place) => manual_seed((long)(RandomStream.KeyOf(_job.Seed, place) >> 1));
}
