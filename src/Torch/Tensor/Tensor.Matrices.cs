using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Matrices, and vectors as their rows or columns.
    public partial class Tensor
    {
        public Tensor trace() => Aten.Call("trace", this);

        public Tensor logdet() => Aten.Call("logdet", this);

        public Tensor det() => Aten.Call("det", this);

        public Tensor vdot(Tensor target) => Aten.Call("vdot", this, target);

        public Tensor inner(Tensor vec2) => Aten.Call("inner", this, vec2);

        public Tensor kron(Tensor other) => Aten.Call("kron", this, other);

        public Tensor matrix_exp() => Aten.Call("matrix_exp", this);

        public Tensor matrix_power(int n) => Aten.Call("matrix_power", this, n);

        public Tensor cholesky_inverse(bool upper = false) => Aten.Call("cholesky_inverse", this, upper);

        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Aten.Call("cholesky_solve", this, input2, upper);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.Call("diag_embed", this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => Aten.Call("diagflat", this, offset);

        public Tensor cholesky(bool upper = false) => upper ? Aten.Call("linalg_cholesky", this, true) : linalg.cholesky(this);

        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => linalg.pinv(this, rtol: rcond, hermitian: hermitian);

        /// <summary>Sums over the last dims dimensions of this and the first of b.</summary>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            var own = (int)ndim;
            return tensordot(b, [.. Enumerable.Range(own - (int)dims, (int)dims).Select(d => (long)d)], [.. Enumerable.Range(0, (int)dims).Select(d => (long)d)]);
        }

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Call("tensordot", this, b, dims1, dims2);

        public Tensor cross(Tensor other, long dim = -1) => Aten.Call("linalg_cross", this, other, dim);

        /// <summary>β·this + α·mat·vec.</summary>
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.Call("addmv", this, mat, vec, (double)beta, (double)alpha);

        /// <summary>β·this + α·vec1·vec2ᵀ.</summary>
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.Call("addr", this, vec1, vec2, (double)beta, (double)alpha);

        /// <summary>β·this + α·Σ batch1·batch2.</summary>
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("addbmm", this, batch1, batch2, (double)beta, (double)alpha);

        /// <summary>Scales the slices along a dimension whose p-norm is above maxnorm down to it.</summary>
        public Tensor renorm(float p, long dim, float maxnorm) => Aten.Call("renorm", this, (double)p, dim, (double)maxnorm);

        /// <summary>The last two dimensions exchanged.</summary>
        public Tensor mT => transpose(-2, -1);

        public Tensor T => Aten.Call("numpy_T", this);
    }
}
