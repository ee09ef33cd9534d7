namespace ResNet.Runtime;

/// <summary>The scores whose mean over views and networks is taken.</summary>
public enum ScoreAverage
{
    /// <summary>Logits, before softmax: the scores of He et al. 2015, section 3.4.</summary>
    Logits,

    /// <summary>Probabilities, after softmax, as of Krizhevsky et al. 2012, section 4.1.</summary>
    Probabilities,
}
