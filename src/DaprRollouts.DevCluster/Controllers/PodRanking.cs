using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>
/// Which pods go first when there are too many: those without a node, those not running, those not ready, the cheaper ones,
/// those on crowded nodes, those ready for the shortest time, those that restarted most, the youngest.
/// </summary>
internal sealed class PodRanking : IComparer<StoredObject>
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    private readonly Dictionary<string, int> _podsOnNode;

    private PodRanking(IEnumerable<StoredObject> pods) => _podsOnNode = pods.GroupBy(Node).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>The pods, those to be deleted first at the front.</summary>
    public static IEnumerable<StoredObject> DeletedFirst(IReadOnlyCollection<StoredObject> pods) => pods.Order(new PodRanking(pods));

    public int Compare(StoredObject? x, StoredObject? y) => CompareKnown(x!, y!);

    private int CompareKnown(StoredObject x, StoredObject y)
    {
        ReadOnlySpan<int> orders =
        [
            (Node(x).Length > 0).CompareTo(Node(y).Length > 0),
            PhaseRank(x).CompareTo(PhaseRank(y)),
            x.IsReady().CompareTo(y.IsReady()),
            Cost(x).CompareTo(Cost(y)),
            _podsOnNode[Node(y)].CompareTo(_podsOnNode[Node(x)]),
            x.IsReady() && y.IsReady() ? Since(y.ReadySince()).CompareTo(Since(x.ReadySince())) : 0,
            y.Restarts().CompareTo(x.Restarts()),
            Created(y).CompareTo(Created(x)),
        ];
        foreach (var order in orders)
        {
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    private static string Node(StoredObject pod) => pod.Spec.Text("nodeName") ?? "";

    private static int PhaseRank(StoredObject pod) => pod.Phase() switch { "Pending" => 0, "Running" => 2, _ => 1 };

    private static long Cost(StoredObject pod) =>
        long.TryParse(pod.Content.Text("metadata", "annotations", CostAnnotation), out var cost) ? cost : 0;

    private static DateTimeOffset Since(DateTimeOffset? time) => time ?? DateTimeOffset.MinValue;

    private static DateTimeOffset Created(StoredObject pod) => Since(pod.Content.Time("metadata", "creationTimestamp"));
}
