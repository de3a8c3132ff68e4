using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>PyTorch's torch.nn.utils.</summary>
        public static class utils
        {
            /// <summary>Scales the gradients so that the norm of them all is at most max_norm, and returns the norm before.</summary>
            /// <param name="tensors">Those without a gradient are skipped.</param>
            /// <param name="max_norm">Greater than 0.</param>
            /// <param name="norm_type">p; infinity takes the largest element.</param>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var grad = no_grad();
                using var scope = NewDisposeScope();
                var grads = tensors.Select(p => p.grad).OfType<Tensor>().ToArray();
                if (grads.Length == 0)
                {
                    return 0;
                }

                var norms = stack(Array.ConvertAll(grads, g => g.detach().norm((float)norm_type)));
                var total = norms.norm((float)norm_type);
                var coefficient = (max_norm / (total + 1e-6)).clamp(max: 1);
                foreach (var g in grads)
                {
                    g.mul_(coefficient);
                }

                return total.item<double>();
            }

            /// <summary>Cuts each gradient's elements to [−clip_value, clip_value].</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var grad = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in tensors.Select(p => p.grad).OfType<Tensor>())
                {
                    gradient.detach().clamp_(-clip_value, clip_value);
                }
            }

            /// <summary>All parameters, one after another, as one vector; with gradients.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat([.. tensors.Select(p => p.reshape(-1))]).MoveToOuterDisposeScope();
            }

            /// <summary>Copies a vector's elements into the parameters, one after another.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var grad = no_grad();
                using var scope = NewDisposeScope();
                var at = 0L;
                foreach (var parameter in tensors)
                {
                    parameter.copy_(vec.narrow(0, at, parameter.numel()).view(parameter.shape));
                    at += parameter.numel();
                }
            }
        }
    }
}
