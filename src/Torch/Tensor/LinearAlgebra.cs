using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Decompositions and what rests on them, over the last two dimensions.
    public static partial class linalg
    {
        /// <summary>Which parts of a QR decomposition are wanted.</summary>
        public enum QRMode
        {
            Reduced,
            Complete,
            R,
        }

        /// <summary>input = Q·R; in mode R, Q is empty.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced)
        {
            var parts = Aten.CallMany("linalg_qr", input, mode == QRMode.R ? "r" : mode == QRMode.Complete ? "complete" : "reduced");
            return (parts[0], parts[1]);
        }

        /// <summary>Moore and Penrose's inverse; singular values up to max(atol, rtol · the largest) count as 0.</summary>
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.Call("linalg_pinv.atol_rtol_float", input, atol, rtol, hermitian);

        /// <summary>X that makes ‖input·X − other‖ least; by LAPACK's gelsy, of the parts that it computes.</summary>
        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other) => LeastSquares(input, other, null);

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other, double rcond) => LeastSquares(input, other, rcond);

        /// <summary>The determinant's sign and the logarithm of its size.</summary>
        public static (Tensor sign, Tensor logabsdet) slogdet(Tensor input)
        {
            var parts = Aten.CallMany("linalg_slogdet", input);
            return (parts[0], parts[1]);
        }

        /// <summary>Eigenvalues, ascending, of symmetric matrices, by their lower (L) or upper (U) triangles.</summary>
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Aten.Call("linalg_eigvalsh", input, UPLO.ToString());

        public static Tensor svdvals(Tensor input) => Aten.Call("linalg_svdvals", input);

        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.Call("linalg_matrix_rank.atol_rtol_float", input, atol, rtol, hermitian);

        /// <summary>fro or nuc.</summary>
        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Aten.Call("linalg_matrix_norm.str_ord", input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Aten.Call("linalg_matrix_norm", input, (Scalar)ord, dims ?? [-2, -1], keepdim);

        public static Tensor matrix_exp(Tensor input) => input.matrix_exp();

        /// <summary>The product of them all, in the order that costs least.</summary>
        public static Tensor multi_dot(IReadOnlyList<Tensor> tensors) => Aten.Call("linalg_multi_dot", tensors as Tensor[] ?? [.. tensors]);

        /// <summary>X of A·X = B, or X·A = B when left is false, for triangular A.</summary>
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false) =>
            Aten.Call("linalg_solve_triangular", A, B, upper, left, unitriangular);

        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => Aten.Call("linalg_cross", input, other, dim);

        /// <summary>The largest singular value over the least.</summary>
        public static Tensor cond(Tensor input) => Aten.Call("linalg_cond", input);

        private static (Tensor, Tensor, Tensor, Tensor) LeastSquares(Tensor input, Tensor other, double? rcond)
        {
            var parts = Aten.CallMany("linalg_lstsq", input, other, rcond);
            return (parts[0], parts[1], parts[2], parts[3]);
        }
    }
}
