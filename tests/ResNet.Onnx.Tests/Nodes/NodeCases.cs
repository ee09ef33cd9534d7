namespace ResNet.Onnx.Tests.Nodes;

/// <summary>The cases of ONNX's own test suite for the operators that are read, each with its fate.</summary>
static class NodeCases
{
    const string Rank = "expected batch×channels×height×width or batch×values", Outputs = "outputs; expected one", Square = "has no square form",
        Window = "expected a square one, padded alike on all sides", NoConcat = "networks have no Concat";

    /// <summary>Cases whose results have to be the suite's.</summary>
    public static IReadOnlyList<string> Computed { get; } =
    [
        "node/test_add", "node/test_averagepool_2d_ceil", "node/test_averagepool_2d_default", "node/test_averagepool_2d_precomputed_pads_count_include_pad",
        "node/test_averagepool_2d_precomputed_strides", "node/test_averagepool_2d_strides", "node/test_basic_conv_with_padding", "node/test_basic_conv_without_padding",
        "node/test_batchnorm_epsilon", "node/test_batchnorm_example", "node/test_conv_with_autopad_same", "node/test_conv_with_strides_no_padding",
        "node/test_conv_with_strides_padding", "node/test_dropout_default", "node/test_dropout_default_old", "node/test_dropout_default_ratio", "node/test_dropout_random_old",
        "node/test_flatten_axis1", "node/test_flatten_default_axis", "node/test_flatten_negative_axis3", "node/test_gemm_alpha", "node/test_gemm_beta",
        "node/test_gemm_default_no_bias", "node/test_gemm_default_scalar_bias", "node/test_gemm_default_single_elem_vector_bias", "node/test_gemm_default_vector_bias",
        "node/test_gemm_default_zero_bias", "node/test_gemm_transposeB", "node/test_globalaveragepool", "node/test_globalaveragepool_precomputed", "node/test_identity",
        "node/test_matmul_2d", "node/test_maxpool_2d_default", "node/test_maxpool_2d_precomputed_pads", "node/test_maxpool_2d_precomputed_same_upper",
        "node/test_maxpool_2d_precomputed_strides", "node/test_maxpool_2d_strides", "node/test_mul", "node/test_mul_example", "node/test_relu", "node/test_sigmoid",
        "node/test_sigmoid_example", "node/test_softmax_example", "node/test_softmax_large_number", "node/test_training_dropout_zero_ratio",
        "pytorch-converted/test_AvgPool2d", "pytorch-converted/test_AvgPool2d_stride", "pytorch-converted/test_BatchNorm2d_eval", "pytorch-converted/test_BatchNorm2d_momentum_eval",
        "pytorch-converted/test_Conv2d_depthwise", "pytorch-converted/test_Conv2d_depthwise_padded", "pytorch-converted/test_Conv2d_depthwise_strided",
        "pytorch-converted/test_Conv2d_depthwise_with_multiplier", "pytorch-converted/test_Conv2d_dilated", "pytorch-converted/test_Conv2d_padding",
        "pytorch-converted/test_Conv2d_strided", "pytorch-converted/test_Linear", "pytorch-converted/test_MaxPool2d", "pytorch-converted/test_ReLU",
        "pytorch-converted/test_Sigmoid", "pytorch-converted/test_Softmax", "pytorch-converted/test_softmax_lastdim",
        "pytorch-operator/test_operator_add_broadcast", "pytorch-operator/test_operator_add_size1_right_broadcast", "pytorch-operator/test_operator_add_size1_singleton_broadcast",
        "pytorch-operator/test_operator_addconstant", "pytorch-operator/test_operator_conv", "pytorch-operator/test_operator_flatten", "pytorch-operator/test_operator_mm",
        "simple/test_single_relu_model",
    ];

    /// <summary>Cases that are no networks of images, or have what networks do not have: each is skipped for the reason that the error gives.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        // One or three spatial dimensions, or none that are known.
        ["node/test_averagepool_1d_default"] = Rank,
        ["node/test_averagepool_3d_default"] = Rank,
        ["node/test_concat_1d_axis_0"] = Rank,
        ["node/test_concat_1d_axis_negative_1"] = Rank,
        ["node/test_concat_3d_axis_0"] = Rank,
        ["node/test_concat_3d_axis_1"] = Rank,
        ["node/test_concat_3d_axis_2"] = Rank,
        ["node/test_concat_3d_axis_negative_1"] = Rank,
        ["node/test_concat_3d_axis_negative_2"] = Rank,
        ["node/test_concat_3d_axis_negative_3"] = Rank,
        ["node/test_identity_opt"] = Rank,
        ["node/test_identity_sequence"] = Rank,
        ["node/test_matmul_3d"] = Rank,
        ["node/test_maxpool_1d_default"] = Rank,
        ["node/test_maxpool_3d_default"] = Rank,
        ["node/test_reshape_allowzero_reordered"] = Rank,
        ["node/test_reshape_extended_dims"] = Rank,
        ["node/test_reshape_negative_dim"] = Rank,
        ["node/test_reshape_negative_extended_dims"] = Rank,
        ["node/test_reshape_one_dim"] = Rank,
        ["node/test_reshape_reduced_dims"] = Rank,
        ["node/test_reshape_reordered_all_dims"] = Rank,
        ["node/test_reshape_reordered_last_dims"] = Rank,
        ["node/test_reshape_zero_and_negative_dim"] = Rank,
        ["node/test_reshape_zero_dim"] = Rank,
        ["node/test_softmax_axis_0"] = Rank,
        ["node/test_softmax_axis_1"] = Rank,
        ["node/test_softmax_axis_2"] = Rank,
        ["node/test_softmax_default_axis"] = Rank,
        ["node/test_softmax_negative_axis"] = Rank,
        ["pytorch-converted/test_AvgPool3d"] = Rank,
        ["pytorch-converted/test_AvgPool3d_stride"] = Rank,
        ["pytorch-converted/test_AvgPool3d_stride1_pad0_gpu_input"] = Rank,
        ["pytorch-converted/test_BatchNorm1d_3d_input_eval"] = Rank,
        ["pytorch-converted/test_BatchNorm3d_eval"] = Rank,
        ["pytorch-converted/test_BatchNorm3d_momentum_eval"] = Rank,
        ["pytorch-converted/test_Conv1d"] = Rank,
        ["pytorch-converted/test_Conv1d_dilated"] = Rank,
        ["pytorch-converted/test_Conv1d_groups"] = Rank,
        ["pytorch-converted/test_Conv1d_pad1"] = Rank,
        ["pytorch-converted/test_Conv1d_pad1size1"] = Rank,
        ["pytorch-converted/test_Conv1d_pad2"] = Rank,
        ["pytorch-converted/test_Conv1d_pad2size1"] = Rank,
        ["pytorch-converted/test_Conv1d_stride"] = Rank,
        ["pytorch-converted/test_Conv3d"] = Rank,
        ["pytorch-converted/test_Conv3d_dilated"] = Rank,
        ["pytorch-converted/test_Conv3d_dilated_strided"] = Rank,
        ["pytorch-converted/test_Conv3d_groups"] = Rank,
        ["pytorch-converted/test_Conv3d_no_bias"] = Rank,
        ["pytorch-converted/test_Conv3d_stride"] = Rank,
        ["pytorch-converted/test_Conv3d_stride_padding"] = Rank,
        ["pytorch-converted/test_MaxPool1d"] = Rank,
        ["pytorch-converted/test_MaxPool1d_stride"] = Rank,
        ["pytorch-converted/test_MaxPool1d_stride_padding_dilation"] = Rank,
        ["pytorch-converted/test_MaxPool3d"] = Rank,
        ["pytorch-converted/test_MaxPool3d_stride"] = Rank,
        ["pytorch-converted/test_MaxPool3d_stride_padding"] = Rank,
        ["pytorch-operator/test_operator_maxpool"] = Rank,
        ["pytorch-operator/test_operator_view"] = Rank,

        // Whole numbers.
        ["node/test_add_uint8"] = "of the type Uint8",
        ["node/test_edge_pad"] = "of the type Int32",
        ["node/test_maxpool_2d_uint8"] = "of the type Uint8",
        ["node/test_mul_uint8"] = "of the type Uint8",
        ["node/test_reflect_pad"] = "of the type Int32",
        ["pytorch-operator/test_operator_non_float_params"] = "of the type Int64",

        // Masks, statistics and positions as further outputs; no input.
        ["node/test_batchnorm_epsilon_training_mode"] = Outputs,
        ["node/test_batchnorm_example_training_mode"] = Outputs,
        ["node/test_constant"] = "0 inputs; expected one",
        ["node/test_dropout_default_mask"] = Outputs,
        ["node/test_dropout_default_mask_ratio"] = Outputs,
        ["node/test_maxpool_with_argmax_2d_precomputed_pads"] = Outputs,
        ["node/test_maxpool_with_argmax_2d_precomputed_strides"] = Outputs,
        ["node/test_training_dropout_zero_ratio_mask"] = Outputs,

        // Training.
        ["node/test_training_dropout"] = "it drops values",
        ["node/test_training_dropout_default"] = "it drops values",
        ["node/test_training_dropout_default_mask"] = "it drops values",
        ["node/test_training_dropout_mask"] = "it drops values",

        // Values that are joined side by side.
        ["node/test_concat_2d_axis_0"] = NoConcat,
        ["node/test_concat_2d_axis_1"] = NoConcat,
        ["node/test_concat_2d_axis_negative_1"] = NoConcat,
        ["node/test_concat_2d_axis_negative_2"] = NoConcat,
        ["pytorch-operator/test_operator_concat2"] = NoConcat,

        // Kernels and windows are square, and their padding is the same on all sides and at most half of them.
        ["node/test_averagepool_2d_pads_count_include_pad"] = "padding",
        ["node/test_averagepool_2d_same_lower"] = Window,
        ["node/test_averagepool_2d_same_upper"] = Window,
        ["node/test_conv_with_strides_and_asymmetric_padding"] = Square,
        ["node/test_maxpool_2d_dilations"] = Window,
        ["node/test_maxpool_2d_pads"] = "padding",
        ["node/test_maxpool_2d_same_lower"] = Window,
        ["node/test_maxpool_2d_same_upper"] = Window,
        ["pytorch-converted/test_Conv2d"] = Square,
        ["pytorch-converted/test_Conv2d_groups"] = Square,
        ["pytorch-converted/test_Conv2d_groups_thnn"] = Square,
        ["pytorch-converted/test_Conv2d_no_bias"] = Square,
        ["pytorch-converted/test_MaxPool2d_stride_padding_dilation"] = Window,

        // Poolings whose padding does not count, or that have more windows than fit.
        ["node/test_averagepool_2d_pads"] = "padding does not count in its means",
        ["node/test_averagepool_2d_precomputed_pads"] = "padding does not count in its means",
        ["node/test_averagepool_2d_precomputed_same_upper"] = "padding does not count in its means",
        ["node/test_maxpool_2d_ceil"] = "ceil_mode is 1",

        // Padding by other values than zeros, or without a convolution after it.
        ["node/test_constant_pad"] = "pads with other numbers than 0",
        ["pytorch-converted/test_ConstantPad2d"] = "pads with other numbers than 0",
        ["pytorch-converted/test_ReflectionPad2d"] = "mode is reflect",
        ["pytorch-converted/test_ReplicationPad2d"] = "mode is edge",
        ["pytorch-converted/test_ZeroPad2d"] = "padding at the end of a branch",
        ["pytorch-operator/test_operator_pad"] = "mode is reflect",

        // Operands for rows or columns; matrices of each image, or of more than two dimensions.
        ["node/test_add_bcast"] = "its operand is 5 beside 3×4×5",
        ["node/test_gemm_all_attributes"] = "transA is 1",
        ["node/test_gemm_default_matrix_bias"] = "the bias is 3×4",
        ["node/test_gemm_transposeA"] = "transA is 1",
        ["node/test_matmul_4d"] = "the matrix is 1×2×4×3",
        ["node/test_mul_bcast"] = "its operand is 5 beside 3×4×5",
        ["pytorch-operator/test_operator_add_size1_broadcast"] = "its operand is 2×1",
        ["pytorch-operator/test_operator_addmm"] = "it joins two computed values",

        // Vectors that mix images with values, or probabilities over something else than the classes.
        ["node/test_flatten_axis0"] = "axis is 0",
        ["node/test_flatten_axis2"] = "axis is 2",
        ["node/test_flatten_axis3"] = "axis is 3",
        ["node/test_flatten_negative_axis1"] = "axis is -1",
        ["node/test_flatten_negative_axis2"] = "axis is -2",
        ["node/test_flatten_negative_axis4"] = "axis is -4",
        ["pytorch-converted/test_softmax_functional_dim3"] = "it goes over axis 3",
    };
}
