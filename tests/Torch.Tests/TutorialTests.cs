using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Osteon.Torch.Tests;

/// <summary>Programs as TorchSharp's users write them: they compile against these names, and they learn.</summary>
public sealed class TutorialTests
{
    [Fact]
    public void A_digit_classifier_learns_from_a_loader()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var train = new DataLoader(new Stripes(96), batchSize: 16, shuffle: true, device: CPU, seed: 1);
        using var model = new Classifier("digits", CPU);
        using var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        var scheduler = optim.lr_scheduler.StepLR(optimizer, 2, 0.7);
        using var loss = NLLLoss();
        var first = double.NaN;
        var last = 0.0;
        model.train();
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            foreach (var batch in train)
            {
                using var step = NewDisposeScope();
                optimizer.zero_grad();
                var output = loss.call(model.call(batch["data"]), batch["label"]);
                output.backward();
                optimizer.step();
                last = output.ToSingle();
                first = double.IsNaN(first) ? last : first;
                batch["data"].Dispose();
                batch["label"].Dispose();
            }

            scheduler.step();
        }

        Assert.True(last < first / 3, $"{first} → {last}");
        Assert.Equal(1.0, Accuracy(model));
    }

    [Fact]
    public void A_network_of_residual_blocks_learns_masks_from_tensors()
    {
        random.manual_seed(2);
        using var scope = NewDisposeScope();
        var images = rand([12, 1, 16, 16]);
        var masks = images.gt(0.5).to_type(ScalarType.Float32);
        using var loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(images, masks), 4, shuffle: true, seed: 3);
        using var model = Sequential(
            ("stem", Conv2d(1, 8, 3, padding: 1, bias: false)),
            ("norm", BatchNorm2d(8)),
            ("relu", ReLU(inplace: true)),
            ("block", new Residual(8)),
            ("head", Conv2d(8, 1, 1)));
        using var optimizer = optim.SGD(model.parameters(), 0.2, momentum: 0.9, weight_decay: 1e-4);
        var loss = BCEWithLogitsLoss();
        var losses = new List<float>();
        for (var epoch = 0; epoch < 12; epoch++)
        {
            foreach (var batch in loader)
            {
                using var step = NewDisposeScope();
                using var logits = model.forward(batch[0]);
                var output = loss.forward(logits, batch[1]);
                optimizer.zero_grad();
                output.backward();
                nn.utils.clip_grad_value_(model.parameters(), 1);
                optimizer.step();
                losses.Add(output.item<float>());
            }
        }

        Assert.True(losses[^1] < losses[0] / 2, $"{losses[0]} → {losses[^1]}");
        model.eval();
        using var noGrad = no_grad();
        var predicted = model.call(images).sigmoid() > 0.5;
        Assert.True(predicted.eq(masks.to(ScalarType.Bool)).to(float32).mean().item<float>() > 0.9f);
    }

    [Fact]
    public void A_loader_gives_every_sample_once_and_the_same_order_for_the_same_seed()
    {
        using var scope = NewDisposeScope();
        static long[][] Passes(int? seed, bool shuffle)
        {
            using var loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(arange(10)), 4, shuffle, seed: seed);
            return [.. Enumerable.Range(0, 2).Select(_ => loader.SelectMany(b => b[0].data<long>().ToArray()).ToArray())];
        }

        Assert.Equal([[.. Enumerable.Range(0, 10)], [.. Enumerable.Range(0, 10)]], Passes(1, shuffle: false));
        Assert.Equal(Passes(5, shuffle: true), Passes(5, shuffle: true));
        Assert.NotEqual(Passes(5, shuffle: true)[0], Passes(5, shuffle: true)[1]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), Passes(5, shuffle: true)[0].Order());
        using var full = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(arange(10)), 4, drop_last: true);
        Assert.Equal([4, 4], full.Select(b => b[0].size(0)));
        Assert.Equal(2, full.Count);
    }

    private static double Accuracy(Module<Tensor, Tensor> model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var test = new DataLoader(new Stripes(24), batchSize: 24);
        model.eval();
        var batch = test.Single();
        var prediction = model.call(batch["data"]);
        return prediction.argmax(1).eq(batch["label"]).sum().ToInt64() / 24.0;
    }

    /// <summary>Images with one bright line: its place is the class.</summary>
    private sealed class Stripes(int count) : torch.utils.data.Dataset
    {
        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index)
        {
            var label = index % 4;
            var image = zeros([1, 12, 12]);
            image[0, (int)(label * 3), ..] = tensor(1f);
            image[0, (int)(label * 3) + 1, TensorIndex.Slice(null, null, 2)] = tensor(0.5f);
            return new() { ["data"] = image, ["label"] = tensor(label) };
        }
    }

    private sealed class Classifier : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> conv1 = Conv2d(1, 8, 3);
        private readonly Module<Tensor, Tensor> conv2 = Conv2d(8, 16, 3);
        private readonly Module<Tensor, Tensor> fc1 = Linear(16 * 4 * 4, 32);
        private readonly Module<Tensor, Tensor> fc2 = Linear(32, 4);
        private readonly Module<Tensor, Tensor> pool1 = MaxPool2d(kernel_size: [2, 2]);
        private readonly Module<Tensor, Tensor> relu1 = ReLU();
        private readonly Module<Tensor, Tensor> dropout1 = Dropout(0.1);
        private readonly Module<Tensor, Tensor> flatten = Flatten();
        private readonly Module<Tensor, Tensor> logsm = LogSoftmax(1);

        public Classifier(string name, Device? device = null)
            : base(name)
        {
            RegisterComponents();
            if (device is not null && device.type != DeviceType.CPU)
            {
                this.to(device);
            }
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = relu1.forward(conv1.forward(input));
            x = relu(conv2.forward(x));
            x = dropout1.forward(pool1.forward(x));
            x = fc2.forward(relu1.forward(fc1.forward(flatten.forward(x))));
            return logsm.forward(x).MoveToOuterDisposeScope();
        }
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;

        public Residual(long planes)
            : base(nameof(Residual))
        {
            (conv1, bn1) = (Conv2d(planes, planes, 3, padding: 1, bias: false), BatchNorm2d(planes));
            (conv2, bn2) = (Conv2d(planes, planes, 3, padding: 1, bias: false), BatchNorm2d(planes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = bn1.forward(conv1.forward(input)).relu_();
            x = bn2.forward(conv2.forward(x));
            return x.add_(input).relu_().MoveToOuterDisposeScope();
        }
    }
}
