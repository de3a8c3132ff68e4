using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Matrices and triangles.
    public partial class Tensor
    {
        public Tensor tril(long diagonal = 0) => Aten.Call("tril", this, diagonal);

        public Tensor triu(long diagonal = 0) => Aten.Call("triu", this, diagonal);

        public Tensor diag(long diagonal = 0) => Aten.Call("diag", this, diagonal);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Call("diagonal", this, offset, dim1, dim2);

        public Tensor dot(Tensor target) => Aten.Call("dot", this, target);

        public Tensor mv(Tensor target) => Aten.Call("mv", this, target);

        public Tensor outer(Tensor vec2) => Aten.Call("outer", this, vec2);

        /// <summary>β·this + α·mat1·mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.Call("addmm", this, mat1, mat2, (double)beta, (double)alpha);

        /// <summary>β·this + α·batch1·batch2, batch by batch.</summary>
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor inverse() => linalg.inv(this);
    }

    /// <summary>Linear algebra over the last two dimensions.</summary>
    public static partial class linalg
    {
        public static Tensor inv(Tensor input) => Aten.Call("linalg_inv", input);

        public static Tensor det(Tensor input) => Aten.Call("linalg_det", input);

        /// <summary>X of A·X = B, or X·A = B when left is false.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true)
        {
            if (left)
            {
                return Aten.Call("linalg_solve", A, B);
            }

            using var scope = NewDisposeScope();
            return Aten.Call("linalg_solve", A.transpose(-2, -1), B.transpose(-2, -1)).transpose(-2, -1).MoveToOuterDisposeScope();
        }

        /// <summary>Of all elements, or over dims: of vectors over one dimension, of matrices over two.</summary>
        public static Tensor norm(Tensor input, double? ord = null, long[]? dims = null, bool keepdim = false) => Aten.Call("linalg_norm", input, ord, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Aten.Call("linalg_vector_norm", input, ord, dims, keepdim);

        public static Tensor cholesky(Tensor input) => Aten.Call("linalg_cholesky", input);

        /// <summary>input = U·diag(S)·Vh.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true)
        {
            var parts = Aten.CallMany("linalg_svd", input, fullMatrices);
            return (parts[0], parts[1], parts[2]);
        }

        /// <summary>Eigenvalues, ascending, and eigenvectors of symmetric matrices, by their lower triangles.</summary>
        public static (Tensor values, Tensor vectors) eigh(Tensor input)
        {
            var parts = Aten.CallMany("linalg_eigh", input);
            return (parts[0], parts[1]);
        }
    }
}
