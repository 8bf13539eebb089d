namespace DaprRollouts.Cli.Output;

/// <summary>One line of a rollout's tree.</summary>
/// <param name="Depth">How deep it hangs.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its state, one word.</param>
/// <param name="Age">Its age.</param>
/// <param name="Remarks">What else there is to know.</param>
internal sealed record TreeRow(int Depth, string Kind, string Name, string Status = "", string Age = "", string Remarks = "")
{
    /// <summary>The address of a pod.</summary>
    public string Ip { get; init; } = "";

    /// <summary>Where a pod runs.</summary>
    public string Node { get; init; } = "";

    /// <summary>The images of a ReplicaSet.</summary>
    public string Images { get; init; } = "";
}
