using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;

namespace DaprRollouts.Activities;

/// <summary>placeholder</summary>
public sealed class AnalysisComposer
{
    public AnalysisRunSpec Compose(Facts facts, AnalysisRole role) => throw new InvalidOperationException();
}
