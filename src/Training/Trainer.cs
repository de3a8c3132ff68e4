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
    private TrainState _state;

    private Trainer(TrainJob job)
    {
        MixedPrecision.Check(job.Plan.Precision, job.Device);
        _job = job;
        _checkpoint = new Checkpoint(Path.Combine(job.Folder, "checkpoints"));
        set_num_threads(job.Plan.Threads);
        Determinism.UseDeterministicAlgorithms();
        Seed("initialise");
        var network = job.Build();
        _loader = new BatchLoader(job, network.Sizes);
        _learner = Learner.Of(network, job, new RunLength(job.Plan.Epochs, _loader.StepsPerEpoch));
        _state = _checkpoint.Restore(_learner) ?? new TrainState();
    }

    /// <summary>Trains to the end, from the newest checkpoint in the job's folder if there is one.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: the step under way was finished and a checkpoint written.</exception>
    /// <exception cref="ConfigurationException">The loss is no longer a number; names the batch's cases.</exception>
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

        while (_state.Epoch < _job.Plan.Epochs)
        {
            RunSteps(cancellation);
            Validate();
            _checkpoint.Save(_learner, _state);
        }

        return Finish();
    }

    private void RunSteps(CancellationToken cancellation)
    {
        var (started, samples) = (Stopwatch.GetTimestamp(), 0);
        foreach (var next in _loader.Epoch(_state.Epoch, _state.Step))
        {
            using var batch = next;
            if (cancellation.IsCancellationRequested)
            {
                _checkpoint.Save(_learner, _state);
                throw new OperationCanceledException(cancellation);
            }

            var loss = Step(batch);
            _state = _state with { Step = _state.Step + 1, LossSum = _state.LossSum + (loss * batch.Size), Samples = _state.Samples + batch.Size };
            samples += batch.Size;
            ReportProgress();
        }

        _job.Log.Metric("train/images_per_second", samples / Stopwatch.GetElapsedTime(started).TotalSeconds, _state.Epoch + 1);
    }

    private double Step(Batch batch)
    {
        using var scope = NewDisposeScope();
        Seed("step", _state.Epoch, _state.Step);                    // dropout's chance depends on nothing before this step
        AdvanceSchedule();
        var (network, optimizer, scaler) = (_learner.Network, _learner.Optimizer, _learner.Scaler);
        optimizer.zero_grad();
        var (images, targets) = batch.ToTensors(_job.Device);
        var outputs = MixedPrecision.Outputs(network, images, _job.Plan.Precision);
        var loss = Objective.Of(_job, network.Outputs, outputs, targets);
        var value = loss.item<float>();
        if (!float.IsFinite(value))
        {
            throw new ConfigurationException(
                $"The training loss became {value} ({string.Join(", ", Objective.Broken(_job, network.Outputs, outputs, targets))}) in epoch {_state.Epoch + 1}, step {_state.Step + 1}, on cases {string.Join(", ", batch.Cases)}. " +
                "Lower train.optimizer's lr, set train.clip_gradient, or look at these cases.");
        }

        scaler.scale(loss).backward();
        if (_job.Plan.ClipGradient > 0)
        {
            scaler.unscale_(optimizer);
            nn.utils.clip_grad_norm_(network.parameters(), _job.Plan.ClipGradient);
        }

        scaler.step(optimizer);
        scaler.update();
        return value;
    }

    private void Validate()
    {
        var (loss, classDice, classIou) = Evaluation.Run(_job, _loader, _learner.Network);
        var record = new EpochRecord(_state.Epoch + 1, CurrentRate(), _state.LossSum / Math.Max(_state.Samples, 1), loss, classDice.Average(), classDice) { ClassIou = classIou };
        var best = _state.BestEpoch == 0 || record.Dice > _state.History[_state.BestEpoch - 1].Dice;
        if (best)
        {
            _checkpoint.KeepBest(_learner.Network, record.Epoch);
        }

        _state = new TrainState
        {
            Epoch = record.Epoch,
            BestEpoch = best ? record.Epoch : _state.BestEpoch,
            History = [.. _state.History, record],
        };
        Tell(record);
    }

    private TrainResult Finish()
    {
        File.Copy(_checkpoint.BestWeights(_state.BestEpoch), Path.Combine(_job.Folder, "model.safetensors"), overwrite: true);
        History.Write(Path.Combine(_job.Folder, History.FileName), _job.Store.Classes, _state.History);
        var result = new TrainResult(_state.BestEpoch, _state.History[_state.BestEpoch - 1].Dice, WeightsHash.Of(_learner.Network));
        result.Save(_job.Folder);
        _checkpoint.Remove();
        return result;
    }

    private void TellMetrics(EpochRecord record)
    {
        _job.Log.Metric("train/loss", record.TrainLoss, record.Epoch);
        _job.Log.Metric("val/loss", record.ValidationLoss, record.Epoch);
        _job.Log.Metric("val/dice", record.Dice, record.Epoch);
        _job.Log.Metric("lr", record.LearningRate, record.Epoch);
        for (var k = 0; k < record.ClassDice.Count; k++)
        {
            _job.Log.Metric($"val/dice/{_job.Store.Classes[k]}", record.ClassDice[k], record.Epoch);
        }

        if (record.ClassIou.Count > 0)
        {
            _job.Log.Metric("val/iou", record.ClassIou.Average(), record.Epoch);
        }

        for (var k = 0; k < record.ClassIou.Count; k++)
        {
            _job.Log.Metric($"val/iou/{_job.Store.Classes[k]}", record.ClassIou[k], record.Epoch);
        }
    }

    private void Tell(EpochRecord record)
    {
        TellMetrics(record);
        _job.Progress.Line(string.Create(CultureInfo.InvariantCulture,
            $"epoch {record.Epoch}/{_job.Plan.Epochs}  loss {record.TrainLoss:F4}  val loss {record.ValidationLoss:F4}  Dice {record.Dice:F4}{(_state.BestEpoch == record.Epoch ? "  best" : "")}"));
    }

    private void ReportProgress()
    {
        var done = ((long)_state.Epoch * _loader.StepsPerEpoch) + _state.Step;
        var dice = _state.History.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"  Dice {_state.History[^1].Dice:F3}") : "";
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
